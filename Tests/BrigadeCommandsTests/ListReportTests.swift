import Foundation
import S3Protocol
import Testing

@testable import Brigade
@testable import BrigadeCommands
@testable import S3Client

@Suite("the report of a listing")
struct ListReportTests {
    private func report(isSorted: Bool = false) throws -> ListReport {
        ListReport(source: try ObjectLocation("s3://photos/2024/"), isSorted: isSorted)
    }

    /// A summary in which no two figures are the same.
    private func summary(_ change: (inout ListSummary) -> Void = { _ in }) -> ListSummary {
        var summary = ListSummary()
        summary.counters.objects = 1_234_567
        summary.counters.bytes = 3 << 30
        summary.counters.pages = 1299
        summary.counters.requests = 1300
        summary.counters.objectsBeyond = 17
        summary.counters.objectsRepeated = 19
        summary.fetchers = 64
        summary.client.requests = [.listObjectsV2: 1305]
        summary.client.retries = 5
        summary.client.connections.opened = 63
        summary.duration = .microseconds(2_345_678)
        change(&summary)
        return summary
    }

    private func json(_ summary: ListSummary, written: Int, error: String? = nil) throws -> NSDictionary {
        let line = try report(isSorted: true).json(
            summary,
            .init(objects: written, highestWaitingBytes: 99),
            error: error
        )
        #expect(!line.contains("\n"))
        return try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? NSDictionary)
    }

    @Test("people get two lines")
    func text() throws {
        #expect(
            try report().text(summary(), .init(objects: 1_234_567))
                == "Listed 1,234,567 objects (3.0 GiB) in 2.35 s, 526,315/s.\n"
                + "Asked for 1,300 pages (1,235 at least) with 64 fetchers over 63 connections; "
                + "5 asked for again after a failure.\n"
        )
        #expect(
            try report().text(summary { $0.client.retries = 0 }, .init(objects: 1_234_567))
                .hasSuffix(" over 63 connections.\n")
        )
    }

    @Test("what was listed and not written is told")
    func written() throws {
        let stopped = summary { $0.wasStopped = true }
        #expect(
            try report().text(stopped, .init(objects: 1000)).contains("objects (3.0 GiB), not to the end, in 2.35 s")
        )
        #expect(try report().text(stopped, .init(objects: 1000)).contains("\nWritten: 1,000.\n"))
        #expect(
            try report(isSorted: true).text(stopped, .init(objects: 1000))
                .contains("\nWritten: 1,000, the first in order.\n")
        )
    }

    @Test("JSON has every figure")
    func json() throws {
        let line = try json(summary(), written: 1_234_567)
        let figures: [String: Int] = [
            "objects": 1_234_567, "bytes": 3 << 30, "written": 1_234_567, "highestWaitingBytes": 99, "fetchers": 64,
            "pages": 1299, "pagesAskedFor": 1300, "leastPages": 1235, "objectsBeyond": 17, "objectsRepeated": 19,
            "retried": 5,
        ]
        for (name, value) in figures { #expect(line[name] as? Int == value, "\(name)") }
        #expect(line["event"] as? String == "summary" && line["key"] == nil)
        #expect(line["source"] as? String == "s3://photos/2024/")
        #expect(line["requests"] as? [String: Int] == ["ListObjectsV2": 1305])
        #expect((line["connections"] as? NSDictionary)?["opened"] as? Int == 63)
        #expect(line["efficiency"] as? Double == 0.95)
        #expect(line["seconds"] as? Double == 2.346)
        #expect(line["error"] == nil)
        for name in ["complete", "sorted", "inByteOrder"] { #expect(line[name] as? Bool == true, "\(name)") }
        #expect(line["interrupted"] as? Bool == false)
    }

    @Test("JSON says how a listing ended that did not end well")
    func ends() throws {
        let stopped = try json(summary { $0.wasStopped = true }, written: 5)
        #expect(stopped["complete"] as? Bool == false && stopped["interrupted"] as? Bool == true)
        let failed = try json(ListSummary(), written: 0, error: "no such bucket")
        #expect(failed["complete"] as? Bool == false && failed["error"] as? String == "no such bucket")
    }

    @Test("the progress line has the rate since the line before")
    func progress() {
        let start = ContinuousClock.now
        var line = ListProgressLine(start: start)
        var counters = ListCounters()
        counters.objects = 1
        counters.requests = 1
        #expect(line.line(counters, at: start + .seconds(1)) == "1 object, 0 B, 1/s, 1 page asked for")
        counters.objects = 100_001
        counters.bytes = 1 << 20
        counters.requests = 104
        #expect(
            line.line(counters, at: start + .milliseconds(1500))
                == "100,001 objects, 1.0 MiB, 200,000/s, 104 pages asked for"
        )
    }
}
