import FlowControl
import Foundation
import S3Protocol
import Testing

@testable import Brigade
@testable import BrigadeCommands
@testable import S3Client

@Suite("the report of a copy")
struct CopyReportTests {
    private func report(
        _ format: ReportFormat,
        isDryRun: Bool = false,
        isQuiet: Bool = false
    ) throws -> CopyReport {
        CopyReport(
            source: try ObjectLocation("s3://photos/2024/"),
            destination: try ObjectLocation("s3://archive"),
            isDryRun: isDryRun,
            format: format,
            isQuiet: isQuiet
        )
    }

    /// A summary in which no two figures are the same.
    private func summary(_ change: (inout CopySummary) -> Void = { _ in }) -> CopySummary {
        var counters = CopyCounters()
        counters.listed = amount(2111, 1_000_000)
        counters.copied = amount(2000, 3 << 19)
        counters.skipped = amount(100, 70)
        counters.failed = amount(8, 60)
        counters.notTried = amount(3, 50)
        counters.isListingComplete = true
        counters.copiedNewer = 11
        var client = ClientStatistics()
        client.requests = [.listObjectsV2: 4, .copyObject: 2112, .headObject: 101]
        client.retries = 5
        client.connections.opened = 256
        client.connections.failedToOpen = 9
        client.connections.closedByPeer = 20
        client.connections.closedByClient = 236
        client.connections.highestOpen = 255
        client.connections.highestInUse = 254
        client.connections.sentAgainAfterStaleConnection = 6
        client.connections.shortages = 2
        var row = AddressStatistics()
        row.source = "10.0.0.1"
        row.remote = "10.0.0.2:9000"
        row.tally.opened = 256
        row.tally.requests = 2217
        row.tally.failedToOpen = [EADDRNOTAVAIL: 8, 0: 1]
        row.tally.ended = [.announced: 20, .finished: 236]
        client.connections.addresses = [row]
        var summary = CopySummary()
        summary.counters = counters
        summary.client = client
        summary.flow.highestConcurrency = 253
        summary.flow.throttled = 17
        summary.flow.timeAtCeiling = .milliseconds(1500)
        summary.duration = .microseconds(12_345_678)
        change(&summary)
        return summary
    }

    private func amount(_ objects: Int, _ bytes: Int) -> CopyCounters.Amount {
        var amount = CopyCounters.Amount()
        amount.objects = objects
        amount.bytes = bytes
        return amount
    }

    /// The summary as JSON, on one line, read back.
    private func json(_ summary: CopySummary, isDryRun: Bool = false) throws -> NSDictionary {
        let line = try report(.json, isDryRun: isDryRun).json(summary)
        #expect(!line.contains("\n"))
        return try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? NSDictionary)
    }

    // MARK: The summary

    @Test("as JSON it has every figure under its name")
    func jsonSummary() throws {
        let expected: NSDictionary = [
            "event": "summary",
            "source": "s3://photos/2024/",
            "destination": "s3://archive/",
            "dryRun": false,
            "complete": false,
            "interrupted": false,
            "objects": ["listed": 2111, "copied": 2000, "skipped": 100, "failed": 8, "notTried": 3],
            "bytes": ["listed": 1_000_000, "copied": 3 << 19, "skipped": 70, "failed": 60, "notTried": 50],
            "copiedNewer": 11,
            "listingComplete": true,
            "retried": 5,
            "requests": ["ListObjectsV2": 4, "CopyObject": 2112, "HeadObject": 101],
            "connections": [
                "opened": 256, "failedToOpen": 9, "closedByPeer": 20, "closedByClient": 236, "highestOpen": 255,
                "sentAgainAfterStaleConnection": 6, "shortages": 2,
                "addresses": [
                    [
                        "source": "10.0.0.1", "remote": "10.0.0.2:9000", "opened": 256, "open": 0, "requests": 2217,
                        "failedToOpen": ["Cannot assign requested address": 8, "other": 1],
                        "ended": ["announced": 20, "finished": 236],
                    ]
                ],
            ],
            "highestConcurrency": 254,
            "throttled": 17,
            "secondsAtCeiling": 1.5,
            "seconds": 12.346,
        ]
        #expect(try json(summary()) == expected)
    }

    @Test("as JSON it says whether the run is complete, and if not, why")
    func jsonEnds() throws {
        let complete = try json(summary { $0.counters.failed = amount(0, 0) }, isDryRun: true)
        #expect(complete["complete"] as? Bool == true)
        #expect(complete["dryRun"] as? Bool == true)
        let stopped = try json(summary { $0.wasStopped = true })
        #expect(stopped["interrupted"] as? Bool == true)
        let aborted = try json(
            summary { summary in
                summary.abortedBy = BrigadeError(code: .listingFailed, message: "listing s3://photos/ \"stopped\"")
                summary.counters.isListingComplete = false
            }
        )
        #expect(aborted["error"] as? String == "listing s3://photos/ \"stopped\"")
        #expect(aborted["listingComplete"] as? Bool == false)
        #expect(aborted["complete"] as? Bool == false)
    }

    @Test("as text it says the same in three lines")
    func textSummary() throws {
        #expect(
            try report(.text).text(summary()) == """
                Copied 2,000 objects (1.5 MiB) in 12.3 s, 162/s.
                Listed 2,111, skipped 100, failed 8, copied in a newer version than listed 11, not tried 3.
                2,217 requests, 5 of them after a failure, over 256 connections; at most 254 at once; 17 answers asked for fewer requests; 1.50 s at the ceiling.

                """
        )
    }

    @Test("as text it leaves out what was not, and says when the listing broke off")
    func textEnds() throws {
        let text = try report(.text).text(
            summary { summary in
                summary.counters.notTried = amount(0, 0)
                summary.counters.copiedNewer = 0
                summary.counters.isListingComplete = false
                summary.duration = .zero
            }
        )
        #expect(text.contains("in 0.00 s, 0/s.\nListed 2,111 (not to the end), skipped 100, failed 8.\n"))
    }

    @Test("of a dry run it says what would be copied")
    func dryRunSummary() throws {
        let text = try report(.text, isDryRun: true).text(summary())
        #expect(
            text == """
                Would copy 100 objects (70 B) from s3://photos/2024/ to s3://archive/.
                Listed 2,111, skipped 0, failed 8, copied in a newer version than listed 11, not tried 3.

                """
        )
    }

    // MARK: Verification

    private func found(_ change: (inout ComparisonSummary) -> Void) -> ComparisonSummary {
        var found = ComparisonSummary()
        (found.counters.same, found.counters.sameSize) = (1200, 34)
        found.duration = .milliseconds(1500)
        change(&found)
        return found
    }

    @Test("a verification is one more line, in words that agree with its verdict")
    func textVerification() throws {
        let sentences: [(ComparisonSummary, String)] = [
            (
                found { $0.counters.sameSize = 0 },
                "Verified: 1,200 objects, all there and the same, in 1.50 s."
            ),
            (
                found { $0.counters.extra = 5 },
                "Verified: 1,234 objects, all there and the same; 34 by size alone, since their ETags cannot be compared; "
                    + "5 at the destination beside them, in 1.50 s."
            ),
            (
                found { ($0.counters.missing, $0.counters.different, $0.counters.sameSize) = (2, 1, 0) },
                "Verified, and not the same: 2 missing, 1 different of 1,203 objects, in 1.50 s."
            ),
            (
                found { ($0.wasStopped, $0.counters.sameSize) = (true, 0) },
                "Not verified to the end: 1,200 compared, in 1.50 s."
            ),
        ]
        for (found, sentence) in sentences {
            let text = try report(.text).text(summary { $0.verification = found })
            #expect(text.hasSuffix(" at the ceiling.\n\(sentence)\n"), "\(text)")
        }
    }

    @Test("as JSON a verification has every figure under its name")
    func jsonVerification() throws {
        let found = found { summary in
            (summary.counters.missing, summary.counters.different, summary.counters.extra) = (1, 2, 3)
            summary.isInByteOrder = false
        }
        let expected: NSDictionary = [
            "verdict": "different", "compared": 1237, "same": 1200, "sameSize": 34, "missing": 1, "different": 2,
            "extra": 3, "inByteOrder": false, "seconds": 1.5,
        ]
        let summary = try json(summary { $0.verification = found })
        #expect(summary["verification"] as? NSDictionary == expected)
        #expect(summary["complete"] as? Bool == false)
    }

    @Test("each difference is a line that names the object")
    func differences() throws {
        let key = ObjectKey("a\nb")
        let cases: [(Difference, String?, NSDictionary)] = [
            (.missing(key, size: 3), #"missing: a\x0Ab"#, ["event": "missing", "key": "a\nb", "size": 3]),
            (
                .size(key, source: 3, destination: 4),
                #"different: a\x0Ab: 3 bytes at the source, 4 at the destination"#,
                ["event": "different", "key": "a\nb", "size": 3, "destinationSize": 4]
            ),
            (
                .etag(key, size: 3), #"different: a\x0Ab: the ETags differ"#,
                ["event": "different", "key": "a\nb", "size": 3]
            ),
            (.extra(key, size: 3), #"extra: a\x0Ab"#, ["event": "extra", "key": "a\nb", "size": 3]),
        ]
        for (difference, text, json) in cases {
            #expect(try report(.text).line(for: .difference(difference)) == text)
            let line = try #require(try report(.json).line(for: .difference(difference)))
            #expect(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? NSDictionary == json)
        }
        // Other objects at the destination are no failures.
        #expect(try report(.text, isQuiet: true).line(for: .difference(.extra(key, size: 3))) == nil)
        #expect(try report(.text, isQuiet: true).line(for: .difference(.missing(key, size: 3))) != nil)
        #expect(try report(.json).line(for: .conditionsRefused) == nil)
    }

    // MARK: Single objects

    private let failed = CopyRun.Event.failed(
        ObjectKey("a\n\"b\"/\u{1F600}"),
        size: 7,
        CopyFailure(code: "AccessDenied", message: "no \\ leave")
    )
    private let skipped = CopyRun.Event.skipped(ObjectKey("gone"), size: 8, .deletedMeanwhile)
    private let dryRun = CopyRun.Event.skipped(ObjectKey("2024/a\tb"), size: 9, .dryRun)

    @Test("as JSON they have key, size, code and message, on a line each")
    func jsonEvents() throws {
        let report = try report(.json, isQuiet: true)
        let lines = try [failed, skipped].map { try #require(report.line(for: $0)) }
        #expect(lines.allSatisfy { !$0.contains("\n") })
        let read = try lines.map { try JSONSerialization.jsonObject(with: Data($0.utf8)) as? NSDictionary }
        let expected: [NSDictionary] = [
            [
                "event": "failed", "key": "a\n\"b\"/\u{1F600}", "size": 7, "code": "AccessDenied",
                "message": "no \\ leave",
            ],
            [
                "event": "skipped", "key": "gone", "size": 8, "code": "deletedMeanwhile",
                "message": "deleted at the source meanwhile",
            ],
        ]
        #expect(read == expected)
    }

    @Test("as text they stay on one line, and only failures are told when quiet")
    func textEvents() throws {
        let failure = #"failed: a\x0A"b"/"# + "\u{1F600}" + #": no \ leave"#
        #expect(try report(.text).line(for: failed) == failure)
        #expect(try report(.text).line(for: skipped) == "skipped: gone: deleted at the source meanwhile")
        #expect(try report(.text, isQuiet: true).line(for: failed) == failure)
        #expect(try report(.text, isQuiet: true).line(for: skipped) == nil)
    }

    @Test("a dry run tells where each object would go")
    func dryRunEvents() throws {
        let text = try report(.text, isDryRun: true).line(for: dryRun)
        #expect(text == #"would copy s3://photos/2024/a\x09b to s3://archive/a\x09b"#)
        #expect(try report(.text, isDryRun: true, isQuiet: true).line(for: dryRun) == nil)
        let json = try #require(try report(.json, isDryRun: true).line(for: dryRun))
        let read = try JSONSerialization.jsonObject(with: Data(json.utf8)) as? NSDictionary
        #expect(read == ["event": "would-copy", "key": "2024/a\tb", "destinationKey": "a\tb", "size": 9])
    }
}
