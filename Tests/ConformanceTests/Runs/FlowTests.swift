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
    private func job(concurrency: Int = 256) throws -> CopyJob {
        var job = CopyJob(from: try ObjectLocation("s3://source"), to: try ObjectLocation("s3://destination"))
        job.concurrency = concurrency
        return job
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
            try fill(server, "", 1000)
            let summary = try await CopyRun(job(), client: client).run()
            #expect(summary.isComplete)
            #expect(summary.client.retries > 0)
            #expect(server.statistics.highestRequestsInASecond <= 505)
            #expect(server.statistics.requestsInAll == summary.client.requests.values.reduce(0, +))
            // More than 1,050 requests at 500 a second.
            #expect(summary.flow.timeAtCeiling > .zero)
            #expect(summary.duration > .seconds(2))
            try expectAllThere(server)
        }
    }

    @Test("what waits for its turn holds no connection that the server could close meanwhile")
    func waitingForTurn() async throws {
        var faults = Faults()
        faults.closeIdleAfter = .milliseconds(300)
        try await withFaultyServer(faults, change: { $0.maximumRequestsPerSecond = 100 }) { server, client in
            try fill(server, "", 300)
            let summary = try await CopyRun(job(), client: client).run()
            #expect(summary.isComplete)
            #expect(summary.client.retries == 0)
            #expect(server.statistics.requestsInAll == summary.client.requests.values.reduce(0, +))
            #expect(summary.client.connections.highestOpen < 200, "256 copies wait, and few at a time are sent")
        }
    }

    @Test("a listing keeps the ceiling too")
    func listCeiling() async throws {
        var faults = Faults()
        faults.shortPageMaximum = 10
        try await withFaultyServer(faults, change: { $0.maximumRequestsPerSecond = 100 }) { server, client in
            try fill(server, "", 1500)
            let summary = try await ListRun(ListJob(try ObjectLocation("s3://source")), client: client).run { _ in }
            #expect(summary.isComplete && summary.counters.objects == 1500)
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
        faults.slowDownPrefixes = [PrefixRate(prefix: "hot/", requestsPerSecond: 5)]
        faults.shortPageMaximum = 20
        try await withFaultyServer(faults) { server, client in
            try fill(server, "cold/", 200)
            try fill(server, "hot/", 40)
            try fill(server, "warm/", 200)
            let run = try CopyRun(job(), client: client)
            async let outcome = run.run()
            // What is hot takes eight seconds; half of it is yet to come when all else is there.
            while run.counters.copied.objects < 420 { try await Task.sleep(for: .milliseconds(5)) }
            #expect(try server.objects(in: "destination").count { !$0.key.starts(with: "hot/".utf8) } == 400)
            let summary = try await outcome
            #expect(summary.isComplete && summary.counters.copied.objects == 440)
            #expect(summary.flow.throttled > 0)
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
        faults.slowDownAboveRequestsPerSecond = 150
        try await withFaultyServer(faults, latency: .milliseconds(5)) { server, client in
            try fill(server, "", 900)
            let summary = try await CopyRun(job(), client: client).run()
            #expect(summary.isComplete && summary.counters.copied.objects == 900)
            #expect(summary.flow.repeated == summary.client.retries - listRetries(summary))
            #expect(summary.flow.throttled > 0)
            try expectAllThere(server)
        }
    }

    /// Requests for pages that were sent again: those beyond one for each page, the question and the destination.
    private func listRetries(_ summary: CopySummary) -> Int {
        summary.client.retries - (summary.client.requests[.copyObject, default: 0] - summary.counters.copied.objects)
    }

    @Test("objects that failed wait aside, and those behind them go on")
    func aside() async throws {
        try await withFaultyServer(change: { $0.retry.transientDelay = .seconds(3600) }) { server, client in
            try fill(server, "", 400)
            let run = try CopyRun(job(concurrency: 2), client: client)
            async let outcome = run.run()
            while run.counters.copied.objects < 20 { try await Task.sleep(for: .milliseconds(1)) }
            var faults = Faults()
            faults.internalErrorProbability = 0.1
            try server.setFaults(faults)
            // Two failures would hold two copiers that wait with them, for an hour.
            while run.counters.copied.objects < 200 { try await Task.sleep(for: .milliseconds(5)) }
            run.stop()
            let summary = try await outcome
            let counters = summary.counters
            #expect(server.statistics.faults["internalError", default: 0] > 5)
            #expect(counters.failed.objects == 0, "what waits aside is not tried to its end")
            #expect(counters.listed.objects == counters.copied.objects + counters.notTried.objects)
        }
    }
}
