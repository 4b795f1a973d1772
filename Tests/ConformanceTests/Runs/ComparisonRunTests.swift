import Brigade
import LocalS3
import S3Client
import S3Protocol
import ServerTestSupport
import Synchronization
import TestSupport
import Testing

@Suite("a comparison over sockets", .serialized)
struct ComparisonRunTests {
    /// Compares, and tells what was found and how.
    private func compare(
        _ source: String = "s3://source",
        _ destination: String = "s3://destination",
        fetchers: Int = 8,
        with client: S3Client
    ) async throws -> (summary: ComparisonSummary, differences: [Difference], requests: Int) {
        var job = ComparisonJob(try ObjectLocation(source), try ObjectLocation(destination))
        job.fetchers = fetchers
        let found = Mutex<[Difference]>([])
        let before = await client.statistics().requests[.listObjectsV2, default: 0]
        let summary = try await ComparisonRun(job, client: client) { difference in
            found.withLock { $0.append(difference) }
        }.run()
        let requests = await client.statistics().requests[.listObjectsV2, default: 0] - before
        return (summary, found.withLock { $0 }, requests)
    }

    @Test("two equal places cost little more than two requests for a thousand objects", arguments: [1, 16])
    func equal(fetchers: Int) async throws {
        try await withFaultyServer { server, client in
            for number in 0..<12_000 {
                let key = Array("\(number % 7)/\(number)".utf8)
                for bucket in ["source", "destination"] { try server.put(bucket: bucket, key: key, body: key) }
            }
            let (summary, differences, requests) = try await compare(fetchers: fetchers, with: client)
            #expect(summary.verdict == .equal && summary.isInByteOrder)
            #expect(summary.counters.same == 12_000 && summary.counters.compared == 12_000)
            #expect(differences.isEmpty)
            #expect((24...44).contains(requests), "\(requests)")
        }
    }

    @Test(
        "agrees with two dictionaries on every kind of bucket, by ranges and serially",
        arguments: SampleBucket.allCases
    )
    fileprivate func model(bucket: SampleBucket) async throws {
        var faults = Faults()
        faults.shortPageMaximum = 70
        (faults.internalErrorProbability, faults.truncatedPageProbability) = (0.02, 0.02)
        try await withFaultyServer(faults) { server, client in
            var random = SeededGenerator(seed: 7)
            var expected: Set<Difference> = []
            var same = 0
            let names = bucket.keys(1500, seed: 5)
            let all = Set(names + AwkwardKey.all.map(\.bytes)).sorted { $0.lexicographicallyPrecedes($1) }
            for name in all where name.count < 1000 {
                let body = Array(repeating: UInt8(0x41), count: random.number(0...9))
                let key = ObjectKey(Array("from/".utf8) + name)
                let copyKey = ObjectKey(Array("to".utf8) + name)
                switch random.number(1...40) {
                case 1:
                    try server.put(bucket: "source", key: Array(key.bytes), body: body)
                    expected.insert(.missing(key, size: body.count))
                case 2:
                    try server.put(bucket: "destination", key: Array(copyKey.bytes), body: body)
                    expected.insert(.extra(copyKey, size: body.count))
                case 3:
                    try server.put(bucket: "source", key: Array(key.bytes), body: body)
                    try server.put(bucket: "destination", key: Array(copyKey.bytes), body: body + [0x42])
                    expected.insert(.size(key, source: body.count, destination: body.count + 1))
                case 4:
                    try server.put(bucket: "source", key: Array(key.bytes), body: body + [0x41])
                    try server.put(bucket: "destination", key: Array(copyKey.bytes), body: body + [0x42])
                    expected.insert(.etag(key, size: body.count + 1))
                default:
                    try server.put(bucket: "source", key: Array(key.bytes), body: body)
                    try server.put(bucket: "destination", key: Array(copyKey.bytes), body: body)
                    same += 1
                }
            }
            // Beside the prefixes, where nothing of it matters.
            for name in ["fro", "from0", "aaa", "t", "zzz"] {
                try server.put(bucket: "source", key: Array(name.utf8), body: [1])
                try server.put(bucket: "destination", key: Array("s\(name)".utf8), body: [2])
            }
            for fetchers in [1, 16] {
                let (summary, differences, _) = try await compare(
                    "s3://source/from/",
                    "s3://destination/to",
                    fetchers: fetchers,
                    with: client
                )
                #expect(summary.verdict == .different, "\(summary.abortedBy?.message ?? "")")
                #expect(summary.counters.same == same && summary.counters.sameSize == 0, "\(summary)")
                #expect(summary.isInByteOrder)
                #expect(differences.count == expected.count)
                #expect(Set(differences) == expected)
            }
        }
    }

    @Test("nothing, compared with nothing and with something")
    func nothing() async throws {
        try await withFaultyServer { server, client in
            #expect(try await compare(with: client).summary.verdict == .equal)
            for number in 0..<2500 { try server.put(bucket: "destination", key: Array("\(number)".utf8), body: []) }
            let more = try await compare(with: client)
            #expect(more.summary.verdict == .extra && more.summary.counters.extra == 2500)
            let less = try await compare("s3://destination", "s3://source", with: client)
            #expect(less.summary.verdict == .different && less.summary.counters.missing == 2500)
        }
    }

    @Test("a listing that breaks off is never taken for its end", arguments: ["source", "destination"])
    func brokenOff(bucket: String) async throws {
        let page = { @Sendable (next: String) in
            "<ListBucketResult><IsTruncated>\(next.isEmpty ? "false" : "true")</IsTruncated>\(next)"
                + "<Contents><Key>a</Key><Size>1</Size></Contents></ListBucketResult>"
        }
        let refusal = "<Error><Code>AccessDenied</Code><Message>no</Message></Error>"
        let behaviour = StandIn.Behaviour.answers { head in
            guard head.contains("/\(bucket)?") else {
                return StandIn.answer("200 OK", type: "application/xml", body: page(""))
            }
            return head.contains("continuation-token")
                ? StandIn.answer("403 Forbidden", type: "application/xml", body: refusal)
                : StandIn.answer(
                    "200 OK",
                    type: "application/xml",
                    body: page("<NextContinuationToken>t</NextContinuationToken>")
                )
        }
        try await StandIn.run(behaviour) { port in
            var configuration = S3ClientConfiguration()
            configuration.endpoint = try Endpoint(url: "http://127.0.0.1:\(port)")
            try await withNewClient(configuration) { client in
                let (summary, _, _) = try await compare(with: client)
                #expect(summary.verdict == .incomplete)
                #expect(summary.abortedBy?.code == .listingFailed)
                #expect(summary.abortedBy?.message.contains("listing s3://\(bucket)/ stopped") == true)
            }
        }
    }

    @Test("a place that does not exist is said to be it")
    func noBucket() async throws {
        try await withFaultyServer { _, client in
            for places in [["s3://missing", "s3://source"], ["s3://source", "s3://missing"]] {
                let (summary, _, _) = try await compare(places[0], places[1], with: client)
                #expect(summary.verdict == .incomplete)
                #expect(summary.abortedBy?.message.contains("missing") == true, "\(summary)")
            }
        }
    }

    @Test("a server that lists folder by folder has both its listings sorted first", arguments: [3, 300])
    func unordered(count: Int) async throws {
        let keys = (0..<count).map { "photos/\($0)" } + (0..<count).map { "photos-old/\($0)" }
        try await OddLister.folders(keys).run { client in
            let (summary, differences, _) = try await compare(with: client)
            #expect(summary.verdict == .equal && !summary.isInByteOrder, "\(summary)")
            #expect(summary.counters.sameSize == 2 * count, "the server tells no ETags")
            #expect(differences.isEmpty)
        }
    }

    @Test("a stop is no verdict")
    func stopped() async throws {
        try await withFaultyServer(latency: .milliseconds(30)) { server, client in
            for number in 0..<5000 { try server.put(bucket: "source", key: Array("\(number)".utf8), body: []) }
            let run = try ComparisonRun(
                ComparisonJob(try ObjectLocation("s3://source"), try ObjectLocation("s3://destination")),
                client: client
            )
            async let summary = run.run()
            while run.counters.missing == 0 { try await Task.sleep(for: .milliseconds(1)) }
            run.stop()
            #expect(await summary.wasStopped)
            #expect(await summary.verdict == .incomplete)
        }
    }
}
