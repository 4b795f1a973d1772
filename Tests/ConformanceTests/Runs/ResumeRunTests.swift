import Brigade
import LocalS3
import S3Client
import S3Protocol
import ServerTestSupport
import Synchronization
import Testing

@Suite("a copy that goes on where it was stopped", .serialized)
struct ResumeRunTests {
    /// Runs a job once more, with its journal as an earlier run left it.
    private func run(
        _ state: StateDirectory,
        _ id: String,
        with client: S3Client,
        concurrency: Int = 8,
        fetchers: Int = 4,
        grace: Duration = .seconds(30),
        scope: CopyRun.Scope = .everything,
        stopWhen: @Sendable (CopyCounters) -> Bool = { _ in false }
    ) async throws -> CopySummary {
        let journal = try state.openJob(id)
        defer { journal.close() }
        var job = CopyJob(
            from: ObjectLocation(bucket: .source, prefix: Array("in/".utf8)),
            to: ObjectLocation(bucket: .destination)
        )
        job.concurrency = concurrency
        job.fetchers = fetchers
        job.stopGrace = grace
        let run = try CopyRun(job, client: client, journal: journal, scope: scope)
        return try await run.run(lookingEvery: .milliseconds(1), stopWhen: stopWhen)
    }

    private func newJob(in folder: String) throws -> (StateDirectory, String) {
        let state = StateDirectory(path: folder)
        let source = try ObjectLocation("s3://source/in/")
        return (state, try state.makeJob(JobDefinition(source: source, destination: source)).id)
    }

    @Test("a job that is stopped again and again lists and copies everything once", arguments: [1, 4])
    func stopped(fetchers: Int) async throws {
        var faults = Faults()
        faults.shortPageMaximum = 50
        try await withTemporaryFolder { folder in
            try await withFaultyServer(faults, latency: .milliseconds(3)) { server, client in
                let keys = SampleBucket.numbersInFolders.keys(2000, seed: 5)
                for key in keys { try server.put(bucket: "source", key: Array("in/".utf8) + key, body: [1]) }
                try server.put(bucket: "source", key: Array("zz".utf8), body: [1])
                let (state, id) = try newJob(in: folder)
                var copied = 0
                for _ in 0..<4 {
                    let summary = try await run(state, id, with: client, fetchers: fetchers) {
                        $0.copied.objects >= 150
                    }
                    #expect(summary.wasStopped && !summary.isComplete)
                    copied += summary.counters.copied.objects
                    #expect(server.statistics.requests["CopyObject"] == copied)
                    let standing = try state.record(of: id).state
                    #expect(standing == .unfinished)
                }
                let last = try await run(state, id, with: client, fetchers: fetchers)
                #expect(last.isComplete)
                #expect(copied + last.counters.copied.objects == 2000)
                #expect(server.statistics.requests["CopyObject"] == 2000)
                #expect(try server.objects(in: "destination").map(\.key) == keys)
                let record = try state.record(of: id)
                #expect(record.state == .complete && record.totals.copied.objects == 2000)
                #expect(
                    record.runs.map(\.outcome) == [.interrupted, .interrupted, .interrupted, .interrupted, .complete]
                )
                let again = try await run(state, id, with: client, fetchers: fetchers)
                #expect(again.isComplete && again.counters.listed.objects == 0)
                #expect(again.client.requests == [.listObjectsV2: 1])
            }
        }
    }

    @Test("only what failed is tried again, and what is gone by then is skipped")
    func failedOnly() async throws {
        var faults = Faults()
        faults.deniedKeyPrefixes = ["in/1"]
        try await withTemporaryFolder { folder in
            try await withFaultyServer(faults) { server, client in
                for number in 0..<300 { try server.put(bucket: "source", key: Array("in/\(number)".utf8), body: [1]) }
                let (state, id) = try newJob(in: folder)
                let first = try await run(state, id, with: client)
                #expect(first.counters.failed.objects == 111 && first.counters.copied.objects == 189)
                try server.setFaults(Faults())
                try await client.deleteObject(.source, ObjectKey("in/1"))
                let second = try await run(state, id, with: client, scope: .failedOnly)
                #expect(second.isComplete)
                #expect(second.counters.listed.objects == 111)
                #expect(second.counters.copied.objects == 110 && second.counters.skipped.objects == 1)
                let record = try state.record(of: id)
                #expect(record.state == .complete && record.totals.copied.objects == 299)
                #expect(record.skips.map(\.objects) == [1])
            }
        }
    }

    @Test("what does not answer is abandoned a while after the stop, and is tried in the next run")
    func mute() async throws {
        let page =
            "<ListBucketResult><IsTruncated>false</IsTruncated>"
            + (0..<20).map { "<Contents><Key>in/\($0 + 10)</Key><Size>1</Size></Contents>" }.joined()
            + "</ListBucketResult>"
        let isMute = Atomic(true)
        let behaviour = StandIn.Behaviour.answers { head in
            if head.hasPrefix("GET ") { return StandIn.answer("200 OK", type: "application/xml", body: page) }
            // An answer that never comes to its end.
            if isMute.load(ordering: .relaxed) { return Array("HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n<".utf8) }
            let copied = "<CopyObjectResult><ETag>\"0\"</ETag></CopyObjectResult>"
            return StandIn.answer("200 OK", type: "application/xml", body: copied)
        }
        try await withTemporaryFolder { folder in
            try await StandIn.run(behaviour, closes: false) { port in
                var configuration = S3ClientConfiguration()
                configuration.endpoint = try Endpoint(url: "http://127.0.0.1:\(port)")
                try await withNewClient(configuration) { client in
                    let (state, id) = try newJob(in: folder)
                    let clock = ContinuousClock()
                    let start = clock.now
                    let summary = try await run(state, id, with: client, grace: .milliseconds(300)) {
                        $0.listed.objects == 20
                    }
                    #expect(clock.now - start < .seconds(60))
                    #expect(summary.wasStopped && summary.abortedBy == nil)
                    #expect(summary.counters.notTried.objects == 20)
                    isMute.store(false, ordering: .relaxed)
                    let next = try await run(state, id, with: client)
                    #expect(next.isComplete && next.counters.copied.objects == 20)
                }
            }
        }
    }

    @Test("a server that does not list in byte order is listed and copied again whole")
    func unordered() async throws {
        let keys = (0..<60).flatMap { ["in/a/\($0)", "in/a-old/\($0)"] }
        try await withTemporaryFolder { folder in
            try await OddLister.folders(keys).run { client in
                let (state, id) = try newJob(in: folder)
                let first = try await run(state, id, with: client, concurrency: 1) { $0.listed.objects > 0 }
                #expect(first.wasStopped)
                let record = try state.record(of: id)
                #expect(record.state == .unfinished)
                // If the order had not shown yet, it may show too late for this run; the next one knows.
                var last = try await run(state, id, with: client)
                if last.abortedBy?.code == .notInByteOrder { last = try await run(state, id, with: client) }
                #expect(last.isComplete, "\(last.abortedBy?.message ?? "")")
                #expect(last.counters.copied.objects == keys.count)
                #expect(try state.record(of: id).isCovered)
                #expect(try state.record(of: id).isInByteOrder == false)
            }
        }
    }
}
