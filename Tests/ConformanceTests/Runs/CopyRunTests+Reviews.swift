import Brigade
import FlowControl
import LocalS3
import S3Client
import S3Protocol
import ServerTestSupport
import Synchronization
import Testing

/// What readers of the code and first users found, so that it stays mended.
extension CopyRunTests {
    @Test("a peer that never answers the TLS handshake is given up in time")
    func muteHandshake() async throws {
        try await StandIn.run(.saysNothing) { port in
            var configuration = S3ClientConfiguration()
            configuration.endpoint = try Endpoint(url: "https://127.0.0.1:\(port)")
            configuration.trust = .anything
            configuration.connectTimeout = .seconds(1)
            configuration.retry.maximumAttempts = 2
            try await withNewClient(configuration) { client in
                let error = await #expect(throws: BrigadeError.self) { _ = try await copy(with: client) }
                #expect(error?.code == .sourceUnavailable)
                #expect((error?.cause as? S3ClientError)?.code == .timeout)
            }
        }
    }

    @Test("a stop cuts short what only reads, also before the first page", .timeLimit(.minutes(5)))
    func stopInPreflight() async throws {
        try await StandIn.run(.saysNothing) { port in
            var configuration = S3ClientConfiguration()
            configuration.endpoint = try Endpoint(url: "http://127.0.0.1:\(port)")
            configuration.silenceAllowed = .seconds(3600)
            try await withNewClient(configuration) { client in
                let run = try CopyRun(job(), client: client)
                async let summary = run.run()
                while await client.statistics().requests.isEmpty { try await Task.sleep(for: .milliseconds(10)) }
                run.stop()
                let ended = try await summary
                #expect(ended.wasStopped && !ended.isComplete)
                #expect(ended.counters == CopyCounters())
            }
        }
    }

    @Test("the marker of the copied folder is skipped, and content in its place fails; no request is sent for either")
    func prefixItself() async throws {
        try await withFaultyServer { server, client in
            try server.put(bucket: "source", key: Array("folder/".utf8), body: [])
            try server.put(bucket: "source", key: Array("folder/a".utf8), body: [1])
            try server.put(bucket: "source", key: Array("photo".utf8), body: [1, 2])
            let events = Events()
            let folder = try await copy(from: "s3://source/folder/", with: client, onEvent: events.add)
            #expect(folder.isComplete)
            #expect(amounts(folder) == [2, 1, 1, 0, 0])
            #expect(folder.client.requests == [.listObjectsV2: 2, .copyObject: 1])
            let photo = try await copy(from: "s3://source/photo", with: client, onEvent: events.add)
            #expect(amounts(photo) == [1, 0, 0, 1, 0])
            #expect(events.failed.map(\.failure.code) == ["EmptyKey"])
            #expect(try server.objects(in: "destination").map(\.key) == [Array("a".utf8)])
        }
    }

    @Test("a wrong region and a wrong clock are both corrected, however many requests are under way")
    func regionAndClock() async throws {
        var faults = Faults()
        faults.clockOffset = .seconds(3600)
        try await withFaultyServer(faults, region: "eu-central-1") { server, client in
            try fill(server, ordinary: 500)
            let summary = try await copy(with: client)
            #expect(summary.isComplete)
        }
    }

    @Test("a clock that steps in mid-job fails no object")
    func clockSteps() async throws {
        try await withFaultyServer(latency: .milliseconds(20)) { server, client in
            try fill(server, ordinary: 2000)
            let run = try CopyRun(job(concurrency: 64), client: client)
            async let summary = run.run()
            while run.counters.copied.objects < 100 { try await Task.sleep(for: .milliseconds(2)) }
            var faults = Faults()
            faults.clockOffset = .seconds(-7200)
            try server.setFaults(faults)
            #expect(try await summary.isComplete)
            try expectEqual(server)
        }
    }

    @Test("an object that was empty when it was found missing, but was listed with content, is not made anew")
    func noEmptyReplacement() async throws {
        let page =
            "<ListBucketResult><IsTruncated>false</IsTruncated><Contents><Key>a</Key><Size>5</Size></Contents>"
            + "</ListBucketResult>"
        let puts = Atomic(0)
        let behaviour = StandIn.Behaviour.answers { head in
            if head.hasPrefix("GET ") { return StandIn.answer("200 OK", type: "application/xml", body: page) }
            if head.hasPrefix("HEAD ") { return StandIn.answer("200 OK", type: "text/plain", body: "") }
            if !head.contains("x-amz-copy-source") { puts.add(1, ordering: .relaxed) }
            let missing = "<Error><Code>NoSuchKey</Code></Error>"
            return StandIn.answer("404 Not Found", type: "application/xml", body: missing)
        }
        try await StandIn.run(behaviour) { port in
            var configuration = S3ClientConfiguration()
            configuration.endpoint = try Endpoint(url: "http://127.0.0.1:\(port)")
            try await withNewClient(configuration) { client in
                let summary = try await copy(with: client)
                #expect(amounts(summary) == [1, 0, 0, 1, 0])
            }
        }
        #expect(puts.load(ordering: .relaxed) == 0)
    }
}
