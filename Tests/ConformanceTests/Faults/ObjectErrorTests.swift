import Brigade
import LocalS3
import S3Client
import S3Protocol
import ServerTestSupport
import Testing

@Suite("errors of single objects, and of all of them", .serialized)
struct ObjectErrorTests {
    private func fill(_ server: LocalS3Server, _ count: Int) throws -> [[UInt8]] {
        let keys = (0..<count).map { Array("object-\(10_000 + $0)".utf8) }
        for key in keys { try server.put(bucket: "source", key: key, body: key) }
        return keys
    }

    private func copy(
        with client: S3Client,
        concurrency: Int = 16,
        isVerified: Bool = false,
        _ events: Events
    ) async throws -> CopySummary {
        var job = CopyJob(from: try ObjectLocation("s3://source"), to: try ObjectLocation("s3://destination"))
        job.concurrency = concurrency
        job.isVerified = isVerified
        return try await CopyRun(job, client: client, onEvent: events.add).run()
    }

    @Test("whatever objects are refused for, exactly those fail, with the code, and the rest is copied")
    func refusals() async throws {
        var faults = Faults()
        faults.refusals = ["AccessDenied", "InvalidObjectState", "KMS.DisabledException", "InvalidRequest"].map {
            Refusal(code: $0, share: 0.02)
        }
        try await withFaultyServer(faults) { server, client in
            let keys = try fill(server, 1500)
            let events = Events()
            let summary = try await copy(with: client, events)
            let expected = Dictionary(
                uniqueKeysWithValues: keys.compactMap { key in faults.refusal(of: key).map { (key, $0) } }
            )
            #expect(Set(expected.values).count == 4)
            let failed = Dictionary(uniqueKeysWithValues: events.failed.map { (Array($0.key.bytes), $0.failure.code) })
            #expect(failed == expected)
            #expect(summary.abortedBy == nil && !summary.isComplete)
            #expect(summary.counters.copied.objects == keys.count - expected.count)
            let copies = Set(try server.objects(in: "destination").map(\.key))
            #expect(copies == Set(keys).subtracting(expected.keys))
        }
    }

    @Test("a copy that lost a byte fails; one that was lost altogether is found by the verification")
    func badCopies() async throws {
        var faults = Faults()
        (faults.corruptCopyShare, faults.lostCopyShare) = (0.01, 0.01)
        try await withFaultyServer(faults) { server, client in
            let keys = try fill(server, 2000)
            let events = Events()
            let summary = try await copy(with: client, isVerified: true, events)
            let lost = keys.filter(faults.losesCopy)
            let corrupt = keys.filter(faults.corruptsCopy)
            #expect(lost.count > 5 && corrupt.count > 5)
            #expect(Set(events.failed.map { Array($0.key.bytes) }) == Set(corrupt))
            #expect(events.failed.allSatisfy { $0.failure.code == "ETagMismatch" })
            var expected = Set(lost.map { Difference.missing(ObjectKey($0), size: $0.count) })
            for key in corrupt where !lost.contains(key) {
                expected.insert(.size(ObjectKey(key), source: key.count, destination: key.count - 1))
            }
            #expect(Set(events.differences) == expected)
            #expect(summary.verification?.verdict == .different && !summary.isComplete)
            #expect(summary.verification?.counters.compared == keys.count)
        }
    }

    @Test("a run that is refused every object ends early, says so, and counts what it did not try")
    func allRefused() async throws {
        var faults = Faults()
        faults.refusals = [Refusal(code: "AccessDenied", share: 1)]
        try await withFaultyServer(faults) { server, client in
            let keys = try fill(server, 4000)
            let events = Events()
            let summary = try await copy(with: client, isVerified: true, events)
            #expect(summary.abortedBy?.code == .destinationUnavailable)
            let message = summary.abortedBy?.message ?? ""
            #expect(message.contains("the first 1000 objects were all refused"), "\(message)")
            #expect(message.contains("AccessDenied"), "\(message)")
            let counters = summary.counters
            #expect((1000...1100).contains(counters.failed.objects))
            #expect(counters.listed.objects == counters.failed.objects + counters.notTried.objects)
            #expect(counters.listed.objects <= keys.count && counters.copied.objects == 0)
            #expect(summary.verification == nil)
        }
    }

    @Test("credentials that expire in mid-job end it, with the code")
    func expired() async throws {
        var faults = Faults()
        faults.expireAfterRequests = 300
        try await withFaultyServer(faults, latency: .milliseconds(1)) { server, client in
            _ = try fill(server, 900)
            let events = Events()
            let summary = try await copy(with: client, events)
            #expect(summary.abortedBy?.message.contains("ExpiredToken") == true)
            let counters = summary.counters
            #expect(counters.copied.objects > 200 && counters.copied.objects < 300)
            #expect((1...16).contains(counters.failed.objects))
            #expect(
                counters.listed.objects == 900
                    && counters.copied.objects + counters.failed.objects + counters.notTried.objects == 900
            )
        }
    }
}
