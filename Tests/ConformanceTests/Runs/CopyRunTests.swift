import Brigade
import FlowControl
import LocalS3
import S3Client
import S3Protocol
import ServerTestSupport
import Synchronization
import Testing

@Suite("a copy run over sockets", .serialized)
struct CopyRunTests {
    @Test("a bucket arrives whole: keys, sizes, ETags, types and metadata")
    func whole() async throws {
        try await withFaultyServer { server, client in
            try fill(server, ordinary: 3000 - AwkwardKey.all.count)
            let summary = try await copy(with: client)
            #expect(summary.isComplete)
            #expect(amounts(summary) == [3000, 3000, 0, 0, 0])
            // Three pages, a question about the order, and the destination
            #expect(summary.client.requests == [.listObjectsV2: 5, .copyObject: 3000])
            try expectEqual(server)
        }
    }

    @Test("a prefix is replaced by another, byte for byte, within one bucket too")
    func prefixes() async throws {
        try await withFaultyServer { server, client in
            try fill(server, ordinary: 1500)
            let summary = try await copy(from: "s3://source/awkward/", to: "s3://destination/new", with: client)
            #expect(summary.isComplete)
            let expected = try server.objects(in: "source").filter { $0.key.starts(with: "awkward/".utf8) }
            #expect(expected.count > 40)
            try expect(server, "destination", holds: expected, replacing: "awkward/", by: "new")
            let within = try await copy(from: "s3://destination/new", to: "s3://destination/moved/", with: client)
            #expect(within.isComplete && within.counters.copied.objects == expected.count)
            #expect(try server.objects(in: "destination").count == 2 * expected.count)
        }
    }

    @Test("all faults at once, and every object arrives", arguments: 1...3)
    func faults(seed: UInt64) async throws {
        var faults = Faults()
        faults.seed = seed
        faults.internalErrorProbability = 0.02
        faults.resetProbability = 0.005
        faults.errorInBodyProbability = 0.005
        faults.truncatedPageProbability = 0.002
        faults.slowDownAboveRequestsPerSecond = 3000
        faults.closeAfterRequests = 50
        faults.shortPageMaximum = 100
        try await withFaultyServer(faults) { server, client in
            try fill(server, ordinary: 4000)
            let summary = try await copy(with: client)
            #expect(summary.isComplete, "\(summary.abortedBy?.message ?? "")")
            #expect(summary.counters.listed.objects == 4000 + AwkwardKey.all.count)
            #expect(summary.counters.copied == summary.counters.listed)
            #expect(summary.client.retries > 50)
            try expectEqual(server)
        }
    }

    @Test("objects that may not be read fail by name, and no others")
    func denied() async throws {
        var faults = Faults()
        faults.deniedKeyPrefixes = ["ordinary/3/", "awkward/caf"]
        try await withFaultyServer(faults) { server, client in
            try fill(server, ordinary: 1000)
            let events = Events()
            let summary = try await copy(with: client, onEvent: events.add)
            let denied = try server.objects(in: "source").map(\.key).filter { key in
                faults.deniedKeyPrefixes.contains { key.starts(with: $0.utf8) }
            }
            #expect(denied.count == 102)
            #expect(events.failed.map { Array($0.key.bytes) }.sorted { $0.lexicographicallyPrecedes($1) } == denied)
            #expect(events.failed.allSatisfy { $0.failure.code == "AccessDenied" })
            #expect(events.skipped.isEmpty)
            #expect(!summary.isComplete && summary.abortedBy == nil)
            let count = 1000 + AwkwardKey.all.count
            #expect(amounts(summary) == [count, count - 102, 0, 102, 0])
        }
    }

    @Test("an object that was deleted after it was listed is skipped")
    func deletedMeanwhile() async throws {
        try await withFaultyServer(latency: .milliseconds(20)) { server, client in
            try fill(server, ordinary: 500)
            let events = Events()
            let gone = ObjectKey("ordinary/9/499")
            let run = try CopyRun(job(concurrency: 1), client: client, onEvent: events.add)
            async let summary = run.run()
            while run.counters.copied.objects == 0 { try await Task.sleep(for: .milliseconds(1)) }
            try await client.deleteObject(.source, gone)
            #expect(try await summary.isComplete)
            #expect(events.skipped.map(\.key) == [gone])
            #expect(events.skipped.map(\.reason) == [.deletedMeanwhile])
            #expect(events.failed.isEmpty)
        }
    }

    @Test(
        "a listing that breaks off is no end: what was listed has its verdict, and the run says that it is not complete"
    )
    func listingFails() async throws {
        var faults = Faults()
        faults.shortPageMaximum = 100
        try await withFaultyServer(faults, latency: .milliseconds(5)) { server, client in
            try fill(server, ordinary: 3000)
            let run = try CopyRun(job(concurrency: 2), client: client)
            async let outcome = run.run()
            while run.counters.copied.objects == 0 { try await Task.sleep(for: .milliseconds(1)) }
            faults.truncatedPageProbability = 1
            try server.setFaults(faults)
            let summary = try await outcome
            #expect(summary.abortedBy?.code == .listingFailed)
            let message = summary.abortedBy?.message ?? ""
            #expect(
                message.contains(/listing s3:\/\/source\/ stopped (after the key|in the range after) '/),
                "\(message)"
            )
            #expect(!summary.isComplete && !summary.counters.isListingComplete)
            let listed = summary.counters.listed.objects
            #expect((100..<3000).contains(listed))
            #expect(amounts(summary) == [listed, listed, 0, 0, 0])
            #expect(try server.objects(in: "destination").count == listed)
        }
    }

    @Test("a run that is stopped accounts for every object that was listed")
    func stop() async throws {
        try await withFaultyServer(latency: .milliseconds(5)) { server, client in
            try fill(server, ordinary: 30_000)
            let run = try CopyRun(job(concurrency: 16), client: client)
            async let outcome = run.run()
            while run.counters.copied.objects < 100 { try await Task.sleep(for: .milliseconds(1)) }
            run.stop()
            let summary = try await outcome
            #expect(summary.wasStopped && !summary.isComplete && summary.abortedBy == nil)
            let counters = summary.counters
            #expect(counters.notTried.objects > 0)
            #expect(counters.listed.objects == counters.copied.objects + counters.notTried.objects)
            #expect(counters.skipped.objects == 0 && counters.failed.objects == 0)
            #expect(try server.objects(in: "destination").count == counters.copied.objects)
        }
    }

    @Test("a destination that does not exist refuses the run before anything is copied")
    func noDestination() async throws {
        try await withFaultyServer { server, client in
            try fill(server, ordinary: 10)
            let run = try CopyRun(job(to: "s3://missing"), client: client)
            let error = await #expect(throws: BrigadeError.self) { _ = try await run.run() }
            #expect(error?.code == .destinationUnavailable)
            #expect(await client.statistics().requests == [.listObjectsV2: 2])
        }
    }

    @Test("a code of the bucket's that only copies meet fails those objects, and does not end the run")
    func bucketCodeOfOneObject() async throws {
        let page =
            "<ListBucketResult><IsTruncated>false</IsTruncated><Contents><Key>a</Key><Size>1</Size></Contents>"
            + "<Contents><Key>b</Key><Size>1</Size></Contents></ListBucketResult>"
        let refusal = "<Error><Code>SignatureDoesNotMatch</Code><Message>odd key</Message></Error>"
        let behaviour = StandIn.Behaviour.answers { head in
            head.hasPrefix("GET ")
                ? StandIn.answer("200 OK", type: "application/xml", body: page)
                : StandIn.answer("403 Forbidden", type: "application/xml", body: refusal)
        }
        try await StandIn.run(behaviour) { port in
            var configuration = S3ClientConfiguration()
            configuration.endpoint = try Endpoint(url: "http://127.0.0.1:\(port)")
            try await withNewClient(configuration) { client in
                let summary = try await CopyRun(job(concurrency: 1), client: client).run()
                #expect(summary.abortedBy == nil)
                #expect(summary.counters.failed.objects == 2)
                #expect(summary.counters.notTried.objects == 0)
            }
        }
    }

    @Test("an error that every object would meet ends the run, and what was not tried is counted")
    func destinationLost() async throws {
        let keys = (0..<900).map { "<Contents><Key>\($0)</Key><Size>1</Size></Contents>" }.joined()
        let page = "<ListBucketResult><IsTruncated>false</IsTruncated>\(keys)</ListBucketResult>"
        let refusal = "<Error><Code>NoSuchBucket</Code><Message>gone</Message></Error>"
        let isLost = Atomic(false)
        let behaviour = StandIn.Behaviour.answers { head in
            if head.hasPrefix("PUT ") { isLost.store(true, ordering: .relaxed) }
            return isLost.load(ordering: .relaxed)
                ? StandIn.answer("404 Not Found", type: "application/xml", body: refusal)
                : StandIn.answer("200 OK", type: "application/xml", body: page)
        }
        try await StandIn.run(behaviour) { port in
            var configuration = S3ClientConfiguration()
            configuration.endpoint = try Endpoint(url: "http://127.0.0.1:\(port)")
            try await withNewClient(configuration) { client in
                let summary = try await CopyRun(job(concurrency: 8), client: client).run()
                #expect(summary.abortedBy?.code == .destinationUnavailable)
                #expect(summary.abortedBy?.message.contains("every object would fail alike") == true)
                let counters = summary.counters
                #expect((1...8).contains(counters.failed.objects))
                #expect(counters.listed.objects == 900)
                #expect(counters.failed.objects + counters.notTried.objects == 900)
            }
        }
    }

    @Test("an object above 5 GiB fails with the cause, and is not tried")
    func tooLarge() async throws {
        let page = """
            <?xml version="1.0" encoding="UTF-8"?>
            <ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>source</Name>\
            <EncodingType>url</EncodingType><IsTruncated>false</IsTruncated>\
            <Contents><Key>huge</Key><ETag>"0-2"</ETag><Size>5368709121</Size></Contents></ListBucketResult>
            """
        let answer = StandIn.answer("200 OK", type: "application/xml", body: page)
        try await StandIn.run(.answers { _ in answer }) { port in
            var configuration = S3ClientConfiguration()
            configuration.endpoint = try Endpoint(url: "http://127.0.0.1:\(port)")
            try await withNewClient(configuration) { client in
                let events = Events()
                let summary = try await copy(with: client, onEvent: events.add)
                #expect(events.failed.map(\.failure.code) == ["EntityTooLarge"])
                #expect(events.failed.first?.failure.message.contains("5 GiB") == true)
                #expect(summary.counters.failed.bytes == 5_368_709_121)
                #expect(await client.statistics().requests == [.listObjectsV2: 2])
            }
        }
    }

    @Test("one warm set of connections serves the whole run, and none stays behind")
    func connections() async throws {
        var settings = LocalS3Configuration()
        settings.latency = .milliseconds(1)
        try await withLocalS3(settings) { server in
            try server.createBucket("source")
            try server.createBucket("destination")
            for number in 0..<20_000 { try server.put(bucket: "source", key: Array("\(number)".utf8), body: []) }
            var configuration = S3ClientConfiguration()
            configuration.endpoint = try Endpoint(url: server.endpoint)
            configuration.maximumConnections = 64 + 16
            try await withNewClient(configuration) { client in
                let summary = try await CopyRun(job(concurrency: 64), client: client).run()
                #expect(summary.isComplete && summary.counters.copied.objects == 20_000)
                #expect(summary.client.retries == 0)
                #expect((64...80).contains(summary.client.connections.opened))
                #expect(server.statistics.connectionsAccepted == summary.client.connections.opened)
            }
            try await untilAllClosed(server)
        }
    }
}
