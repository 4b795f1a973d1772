import NIOCore
import NIOPosix
import Testing

@testable import LocalS3

/// The server over real sockets, on the loopback address.
@Suite(.timeLimit(.minutes(5))) struct ServerTests {
    /// What came back on one connection.
    private struct Transcript: Sendable {
        var text = ""
        var wasReset = false
    }

    private func withServer(
        _ change: (inout LocalS3Configuration) -> Void = { _ in },
        _ body: (LocalS3Server) async throws -> Void
    ) async throws {
        var configuration = LocalS3Configuration()
        change(&configuration)
        let server = try await LocalS3Server.start(configuration)
        do {
            try server.createBucket("one")
            try await body(server)
        } catch {
            try await server.stop()
            throw error
        }
        try await server.stop()
    }

    /// Sends text on a connection of its own and reads until the server closes it.
    private func exchange(_ server: LocalS3Server, _ text: String) async throws -> Transcript {
        let channel = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .connect(host: "127.0.0.1", port: server.port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                }
            }
        return try await channel.executeThenClose { inbound, outbound in
            var transcript = Transcript()
            do {
                try await outbound.write(ByteBuffer(string: text))
                for try await buffer in inbound { transcript.text += String(buffer: buffer) }
            } catch is IOError {
                transcript.wasReset = true
            }
            return transcript
        }
    }

    private func request(_ method: String, _ target: String, _ fields: [String] = [], body: String = "") -> String {
        ([method + " " + target + " HTTP/1.1", "Host: localhost", "Content-Length: \(body.utf8.count)"] + fields)
            .joined(separator: "\r\n") + "\r\n\r\n" + body
    }

    @Test func servesManyRequestsOnOneConnection() async throws {
        try await withServer { server in
            let text =
                request("PUT", "/one/a%20b", body: "hello") + request("GET", "/one/a%20b")
                + request("HEAD", "/one/a%20b") + request("GET", "/one/none", ["Connection: close"])
            let answer = try await exchange(server, text)
            let statuses = answer.text.split(separator: "HTTP/1.1 ").map { $0.prefix(3) }
            #expect(statuses == ["200", "200", "200", "404"])
            #expect(answer.text.contains("\r\n\r\nhelloHTTP/1.1 200"))
            #expect(server.statistics.requests == ["PutObject": 1, "GetObject": 2, "HeadObject": 1])
            #expect(server.statistics.connectionsAccepted == 1)
            #expect(server.statistics.connectionsOpenHighest == 1)
            #expect(server.statistics.bytesReceived == 5)
        }
    }

    @Test func sendsALargeBodyInPieces() async throws {
        try await withServer { server in
            try server.put(bucket: "one", key: [1], body: [UInt8](repeating: UInt8(ascii: "x"), count: 3_000_000))
            let answer = try await exchange(server, request("GET", "/one/%01", ["Connection: close"]))
            #expect(answer.text.utf8.count { $0 == UInt8(ascii: "x") } >= 3_000_000)
            #expect(server.statistics.bytesSent == 3_000_000)
        }
    }

    @Test func asksForABodyOnlyWhenItTakesIt() async throws {
        try await withServer { server in
            let expect = ["Expect: 100-continue", "Connection: close"]
            let taken = try await exchange(server, request("PUT", "/one/a", expect, body: "hello"))
            #expect(taken.text.hasPrefix("HTTP/1.1 100 "))
            #expect(taken.text.contains("HTTP/1.1 200 "))
            let head = request("PUT", "/none/a", expect, body: "hello").split(separator: "hello")[0]
            let refused = try await exchange(server, String(head))
            #expect(refused.text.hasPrefix("HTTP/1.1 404 "))
        }
    }

    @Test func closesAfterSoManyRequests() async throws {
        try await withServer({ $0.faults.closeAfterRequests = 2 }) { server in
            let answer = try await exchange(server, String(repeating: request("GET", "/"), count: 3))
            #expect(answer.text.split(separator: "HTTP/1.1 200").count == 2)
            #expect(answer.text.split(separator: "onnection: close").count == 2)
        }
    }

    @Test func closesIdleConnections() async throws {
        try await withServer({ $0.faults.closeIdleAfter = .seconds(6) }) { server in
            let silent = try await exchange(server, "")
            #expect(silent.text.isEmpty)
            let served = try await exchange(server, request("GET", "/"))
            #expect(served.text.hasPrefix("HTTP/1.1 200"))
        }
    }

    @Test func resetsConnections() async throws {
        try await withServer { server in
            var faults = Faults()
            faults.resetProbability = 1
            try server.setFaults(faults)
            let answer = try await exchange(server, request("GET", "/"))
            #expect(answer.text.isEmpty)
            #expect(answer.wasReset)
            try server.setFaults(Faults())
            #expect(
                try await exchange(server, request("GET", "/", ["Connection: close"])).text.hasPrefix("HTTP/1.1 200")
            )
        }
    }

    @Test func cutsAPageOffOnTheWire() async throws {
        try await withServer({ $0.faults.truncatedPageProbability = 1 }) { server in
            try server.put(bucket: "one", key: Array("k".utf8), body: [])
            for _ in 0..<6 {
                let answer = try await exchange(server, request("GET", "/one?list-type=2", ["Connection: close"]))
                #expect(answer.text.hasPrefix("HTTP/1.1 200"))
                #expect(!answer.text.contains("</ListBucketResult>"))
            }
        }
    }

    @Test func stopsWithConnectionsOpen() async throws {
        let server = try await LocalS3Server.start(LocalS3Configuration())
        let channel = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .connect(host: "127.0.0.1", port: server.port).get()
        try await server.stop()
        try await channel.closeFuture.get()
    }

    @Test func saysWhatIsWrongWithItsSettings() async throws {
        try await withServer { server in
            for (change, code) in [
                ({ $0.port = server.port }, .bind), ({ $0.port = 65536 }, .configuration),
                ({ $0.tls = .init(certificateChainFile: "/none", privateKeyFile: "/none") }, .tls),
                ({ $0.faults.resetProbability = 2 }, .configuration), ({ $0.eventLoopThreads = 0 }, .configuration),
            ] as [((inout LocalS3Configuration) -> Void, LocalS3Error.Code)] {
                let error = await #expect(throws: LocalS3Error.self) { try await withServer(change) { _ in } }
                #expect(error?.code == code)
            }
        }
    }

    @Test func saysInPlainWordsWhyItCannotListen() async throws {
        try await withServer { server in
            let message = "cannot listen on 127.0.0.1 port \(server.port): Address already in use"
            await #expect(throws: LocalS3Error(code: .bind, message: message)) {
                try await withServer({ $0.port = server.port }) { _ in }
            }
        }
        let unknown = await #expect(throws: LocalS3Error.self) {
            try await withServer({ $0.host = "no host" }) { _ in }
        }
        #expect(unknown?.message == "cannot listen on no host port 0: Name or service not known")
    }

    @Test func letsAProgramLookWithoutHTTP() async throws {
        try await withServer { server in
            try server.put(bucket: "one", key: Array("b".utf8), body: [1], contentType: "text/x", metadata: ["A": "b"])
            try server.put(bucket: "one", key: Array("a".utf8), body: [])
            let objects = try server.objects(in: "one")
            #expect(objects.map(\.key) == [Array("a".utf8), Array("b".utf8)])
            #expect(objects.last?.metadata == ["a": "b"])
            #expect(objects.last?.contentType == "text/x")
            #expect(objects.first?.etag == "d41d8cd98f00b204e9800998ecf8427e")
            for (code, body) in [
                (.noSuchBucket, { _ = try server.objects(in: "none") }),
                (.bucketExists, { try server.createBucket("one") }),
                (.invalidBucketName, { try server.createBucket("N") }),
                (.invalidKey, { try server.put(bucket: "one", key: [], body: []) }),
                (.invalidKey, { try server.put(bucket: "one", key: [0xFF], body: []) }),
                (.invalidKey, { try server.put(bucket: "one", key: [UInt8](repeating: 97, count: 1025), body: []) }),
            ] as [(LocalS3Error.Code, () throws -> Void)] {
                #expect(#expect(throws: LocalS3Error.self) { try body() }?.code == code)
            }
            let invalid = #expect(throws: LocalS3Error.self) { try server.createBucket("N") }
            #expect(invalid?.message.hasPrefix("'N' is not a valid bucket name: it takes 3 to 63 ") == true)
        }
    }
}
