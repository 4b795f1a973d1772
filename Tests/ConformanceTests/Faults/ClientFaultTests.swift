import FlowControl
import LocalS3
import S3Client
import S3Protocol
import ServerTestSupport
import Testing

@Suite("a client and a server in trouble", .serialized)
struct ClientFaultTests {
    private let keys = (0..<40).map { ObjectKey("object-\($0)") }

    @Test("a 200 that carries an error is no success")
    func errorInBody() async throws {
        var faults = Faults()
        faults.errorInBodyProbability = 1
        try await withFaultyServer(faults) { server, client in
            try await client.putObject(.source, ObjectKey("a"), body: [1])
            let error = await #expect(throws: S3ResponseError.self) {
                _ = try await client.copyObject(from: .source, ObjectKey("a"), to: .destination, ObjectKey("a"))
            }
            #expect(error?.status == 200)
            #expect(error?.code == "InternalError")
            #expect(await client.statistics().requests[.copyObject] == client.configuration.retry.maximumAttempts)
            #expect(try server.objects(in: "destination").isEmpty)
        }
    }

    @Test("a 200 that carries an error now and then is tried again")
    func errorInBodySometimes() async throws {
        var faults = Faults()
        faults.errorInBodyProbability = 0.3
        try await withFaultyServer(faults) { server, client in
            for key in keys {
                try await client.putObject(.source, key, body: [1])
                _ = try await client.copyObject(from: .source, key, to: .destination, key)
            }
            #expect(await client.statistics().retries == server.statistics.faults["errorInBody"])
            #expect(await client.statistics().retries > 0)
            #expect(try server.objects(in: "destination") == server.objects(in: "source"))
        }
    }

    @Test("a page that is cut off is never taken for the end of the listing")
    func truncatedPages() async throws {
        var faults = Faults()
        faults.truncatedPageProbability = 1
        try await withFaultyServer(faults) { server, client in
            for key in keys { try server.put(bucket: "source", key: Array(key.bytes), body: [1]) }
            await #expect(throws: S3ClientError.self) { _ = try await client.listObjects(.source) }
            faults.truncatedPageProbability = 0.5
            try server.setFaults(faults)
            for _ in 0..<20 { #expect(try await client.listObjects(.source).count == keys.count) }
            #expect(await client.statistics().retries > 5)
        }
    }

    @Test("resets and failures are tried again")
    func resets() async throws {
        var faults = Faults()
        faults.resetProbability = 0.2
        faults.internalErrorProbability = 0.2
        try await withFaultyServer(faults) { server, client in
            for key in keys { try await client.putObject(.source, key, body: Array(key.bytes)) }
            for key in keys { #expect(try await client.getObject(.source, key).body == Array(key.bytes)) }
            #expect(server.statistics.faults["internalError", default: 0] > 0)
            #expect(try server.objects(in: "source").count == keys.count)
        }
    }

    @Test("a server that asks for fewer requests gets them")
    func slowDown() async throws {
        var faults = Faults()
        faults.slowDownAboveRequestsPerSecond = 30
        try await withFaultyServer(faults) { server, client in
            for key in keys { try await client.putObject(.source, key, body: [1]) }
            #expect(await client.statistics().retries == server.statistics.faults["slowDown", default: 0])
            #expect(try server.objects(in: "source").count == keys.count)
        }
    }

    @Test("a server that closes connections after some requests costs connections, and no failure")
    func closeAfterRequests() async throws {
        var faults = Faults()
        faults.closeAfterRequests = 5
        try await withFaultyServer(faults) { server, client in
            for round in 0..<100 { try await client.putObject(.source, ObjectKey("object-\(round)"), body: [1]) }
            #expect(await client.statistics().retries == 0)
            #expect(await client.statistics().requests == [.putObject: 100])
            #expect(await client.statistics().connections.opened == 20)
            #expect(server.statistics.connectionsAccepted == 20)
        }
    }

    @Test("a server that closes idle connections costs connections, and no failure")
    func closeIdle() async throws {
        var faults = Faults()
        faults.closeIdleAfter = .milliseconds(20)
        try await withFaultyServer(faults) { server, client in
            for round in 0..<5 {
                try await client.putObject(.source, ObjectKey("object-\(round)"), body: [1])
                while server.statistics.connectionsOpen > 0 { try await Task.sleep(for: .milliseconds(2)) }
            }
            #expect(await client.statistics().retries == 0)
            #expect(server.statistics.requests["PutObject"] == 5)
            // One more where the server was quicker to close a new connection than the client to use it.
            #expect(server.statistics.connectionsAccepted >= 5)
        }
    }

    @Test("no more connections than allowed are opened, and none stays behind")
    func connections() async throws {
        try await withTemporaryFolder { _ in
            var settings = LocalS3Configuration()
            settings.latency = .milliseconds(2)
            try await withLocalS3(settings) { server in
                try server.createBucket("source")
                var configuration = S3ClientConfiguration()
                configuration.endpoint = try Endpoint(url: server.endpoint)
                configuration.maximumConnections = 4
                try await withNewClient(configuration) { client in
                    try await withThrowingTaskGroup { group in
                        for number in 0..<100 {
                            group.addTask {
                                try await client.putObject(.source, ObjectKey("object-\(number)"), body: [1])
                            }
                        }
                        try await group.waitForAll()
                    }
                    let statistics = await client.statistics().connections
                    #expect(statistics.opened == 4 && statistics.highestOpen == 4)
                }
                #expect(server.statistics.connectionsOpenHighest == 4)
                try await untilAllClosed(server)
            }
        }
    }

    // MARK: Corrections

    @Test("a wrong region is corrected once, by what the server says")
    func region() async throws {
        let notices = Notices()
        try await withFaultyServer(region: "eu-west-1", change: { $0.onNotice = notices.add }) { server, client in
            for key in keys { try await client.putObject(.source, key, body: [1]) }
            #expect(try await client.listObjects(.source).count == keys.count)
            #expect(try await client.bucketLocation(.source) == "eu-west-1")
            #expect(notices.all == [.regionCorrected(.source, from: "us-east-1", to: "eu-west-1")])
            #expect(await client.statistics().requests[.putObject] == keys.count + 1)
        }
    }

    @Test("a clock that is an hour off is corrected once, by what the server says", arguments: [3600, -3600])
    func clock(seconds: Int) async throws {
        let notices = Notices()
        var faults = Faults()
        faults.clockOffset = .seconds(seconds)
        try await withFaultyServer(faults, change: { $0.onNotice = notices.add }) { server, client in
            for key in keys { try await client.putObject(.source, key, body: [1]) }
            #expect(await client.statistics().requests[.putObject] == keys.count + 1)
            #expect(notices.all.count == 1)
            guard case .clockCorrected(let offset) = notices.all.first else {
                Issue.record("the notice is of the clock")
                return
            }
            #expect(((seconds - 5)...(seconds + 5)).contains(Int(offset.components.seconds)))
        }
    }

    // MARK: TLS

    @Test("a certificate is believed only if an authority that is trusted signed it for this name")
    func certificates() async throws {
        try await withTemporaryFolder { folder in
            let certificate = try TestCertificate(in: folder, for: "DNS:another.name,IP:127.0.0.9")
            var settings = LocalS3Configuration()
            settings.tls = .init(
                certificateChainFile: certificate.certificateFile,
                privateKeyFile: certificate.keyFile
            )
            try await withLocalS3(settings) { server in
                var configuration = S3ClientConfiguration()
                configuration.endpoint = try Endpoint(url: server.endpoint)
                for (trust, hint) in [
                    (S3ClientConfiguration.Trust.system, "--ca-bundle"),
                    (.bundle(certificate.certificateFile), "127.0.0.1"),
                ] {
                    configuration.trust = trust
                    try await withNewClient(configuration) { client in
                        let error = await #expect(throws: S3ClientError.self) { _ = try await client.listBuckets() }
                        #expect(error?.code == .tls)
                        #expect(error?.message.contains(hint) == true, "\(error?.description ?? "")")
                        #expect(error?.isRetryable == false)
                    }
                }
                configuration.trust = .anything
                let buckets = try await withNewClient(configuration) { try await $0.listBuckets() }
                #expect(buckets.isEmpty)
            }
        }
    }
}

/// Waits until a server has no connection any more.
func untilAllClosed(_ server: LocalS3Server) async throws {
    for _ in 0..<1000 where server.statistics.connectionsOpen > 0 { try await Task.sleep(for: .milliseconds(5)) }
    #expect(server.statistics.connectionsOpen == 0)
}
