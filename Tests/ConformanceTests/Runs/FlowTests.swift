import Brigade
import FlowControl
import LocalS3
import S3Client
import S3Protocol
import ServerTestSupport
import Testing

/// Pacing over sockets, kept small; `make bench-flow` shows the same at length.
@Suite("how a copy is paced", .serialized)
struct FlowTests {
    private func job(_ source: String = "s3://source") throws -> CopyJob {
        CopyJob(from: try ObjectLocation(source), to: try ObjectLocation("s3://destination"))
    }

    private func fill(_ server: LocalS3Server, _ prefix: String, _ count: Int, size: Int = 1) throws {
        for number in 0..<count {
            let digits = String(number)
            let key = prefix + String(repeating: "0", count: 6 - digits.count) + digits
            try server.put(bucket: "source", key: Array(key.utf8), body: Array(repeating: 0x78, count: size))
        }
    }

    private func expectAllThere(_ server: LocalS3Server) throws {
        let (source, copy) = (try server.objects(in: "source"), try server.objects(in: "destination"))
        #expect(source.map(\.key) == copy.map(\.key))
    }

    @Test("no second sees more requests than the ceiling allows, lists and repetitions included")
    func requestCeiling() async throws {
        var faults = Faults()
        faults.internalErrorProbability = 0.05
        try await withFaultyServer(faults, change: { $0.maximumRequestsPerSecond = 500 }) { server, client in
            try fill(server, "", 1500)
            let summary = try await CopyRun(job(), client: client).run()
            #expect(summary.isComplete)
            #expect(summary.client.retries > 0)
            #expect(server.statistics.highestRequestsInASecond <= 505)
            #expect(server.statistics.requestsInAll == summary.client.requests.values.reduce(0, +))
            // Some 1,580 requests at 500 a second.
            #expect(summary.flow.timeAtCeiling > .seconds(1.5))
            #expect(summary.duration > .seconds(2.9))
            try expectAllThere(server)
        }
    }

    @Test("a listing keeps the ceiling too")
    func listCeiling() async throws {
        var faults = Faults()
        faults.shortPageMaximum = 10
        try await withFaultyServer(faults, change: { $0.maximumRequestsPerSecond = 100 }) { server, client in
            try fill(server, "", 2000)
            let summary = try await ListRun(ListJob(try ObjectLocation("s3://source")), client: client).run { _ in }
            #expect(summary.isComplete && summary.counters.objects == 2000)
            #expect(server.statistics.highestRequestsInASecond <= 101)
        }
    }

    @Test("bytes are copied no faster than the ceiling allows")
    func byteCeiling() async throws {
        try await withFaultyServer { server, client in
            try fill(server, "", 300, size: 10_000)
            var job = try job()
            job.maximumBytesPerSecond = 1_500_000
            let summary = try await CopyRun(job, client: client).run()
            #expect(summary.isComplete && summary.counters.copied.bytes == 3_000_000)
            // The last object is begun when those before it are paid for.
            #expect(summary.duration > .seconds(1.95))
            #expect(summary.flow.timeAtCeiling > .seconds(1))
        }
    }

    @Test("a hot prefix is slow by itself, and nothing of it is lost")
    func hotPrefix() async throws {
        var faults = Faults()
        faults.slowDownPrefixes = [PrefixRate(prefix: "hot/", requestsPerSecond: 200)]
        faults.shortPageMaximum = 100
        try await withFaultyServer(faults, latency: .milliseconds(20)) { server, client in
            try fill(server, "cold/", 2000)
            try fill(server, "hot/", 1000)
            try fill(server, "warm/", 2000)
            let run = try CopyRun(job(), client: client)
            async let outcome = run.run()
            // All that is not hot is there long before what is.
            var isOthersFirst = false
            while run.counters.copied.objects + run.counters.failed.objects < 5000 {
                try await Task.sleep(for: .milliseconds(20))
                let copied = try server.objects(in: "destination").map(\.key)
                let hot = copied.count { $0.starts(with: "hot/".utf8) }
                if copied.count - hot == 4000, hot < 900 { isOthersFirst = true }
            }
            let summary = try await outcome
            #expect(summary.isComplete && summary.counters.copied.objects == 5000)
            #expect(isOthersFirst)
            #expect(summary.flow.throttled > 0)
            #expect(summary.flow.throttled < 1000, "some are answered so while the rate is learned, not the most")
            try expectAllThere(server)
        }
    }

    @Test("everything goes wrong at once, above a rate, and every object arrives")
    func everything() async throws {
        var faults = Faults()
        faults.internalErrorProbability = 0.02
        faults.resetProbability = 0.005
        faults.errorInBodyProbability = 0.005
        faults.truncatedPageProbability = 0.002
        faults.slowDownAboveRequestsPerSecond = 1000
        try await withFaultyServer(faults, latency: .milliseconds(5)) { server, client in
            try fill(server, "", 6000)
            let summary = try await CopyRun(job(), client: client).run()
            #expect(summary.isComplete && summary.counters.copied.objects == 6000)
            #expect(summary.flow.repeated == summary.client.retries - listRetries(summary))
            #expect(summary.flow.throttled > 0)
            try expectAllThere(server)
        }
    }

    /// Requests for pages that were sent again: those beyond one for each page, the question and the destination.
    private func listRetries(_ summary: CopySummary) -> Int {
        summary.client.retries - (summary.client.requests[.copyObject, default: 0] - summary.counters.copied.objects)
    }

    @Test("failures of single objects wait aside: the others pass them")
    func aside() async throws {
        try await withFaultyServer(change: { $0.retry.transientDelay = .seconds(2) }) { server, client in
            try fill(server, "", 400)
            var faults = Faults()
            faults.internalErrorProbability = 0.5
            try server.setFaults(faults)
            var job = try job()
            job.concurrency = 2
            let run = try CopyRun(job, client: client)
            async let outcome = run.run()
            // Two copiers that waited with each failure would need a second for each two of them.
            while run.counters.copied.objects < 100 { try await Task.sleep(for: .milliseconds(5)) }
            #expect(run.flow.repeated < 60)
            try server.setFaults(Faults())
            let summary = try await outcome
            #expect(summary.isComplete && summary.counters.copied.objects == 400)
        }
    }
}
