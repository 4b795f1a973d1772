import NIOCore
import NIOEmbedded
import NIOSSL
import NIOTLS
import S3Protocol
import Testing

@testable import S3Client

/// An actor on the connection's own event loop, so that a test calls the connection as its pool would.
@Suite("One connection", .timeLimit(.minutes(5)))
actor HTTPConnectionTests {
    private let channel = NIOAsyncTestingChannel()
    private let connection: HTTPConnection

    nonisolated var unownedExecutor: UnownedSerialExecutor { channel.testingEventLoop.asUnownedSerialExecutor() }

    init() async throws {
        connection = HTTPConnection(origin: ConnectionOrigin(host: "host", port: 80, usesTLS: false))
        try channel.pipeline.syncOperations.addHandler(connection)
    }

    deinit {
        // An open channel and its pipeline keep each other alive.
        channel.close(promise: nil)
    }

    /// Begins to send, and comes back once the request is on its way.
    private func send(_ text: String = "request", isHead: Bool = false) async throws -> Task<HTTPAnswer, any Error> {
        connection.prepare(Array(text.utf8))
        let task = Task {
            try await connection.send(expecting: .document, toHead: isHead, patience: Self.patience(60))
        }
        #expect(try await channel.waitForOutboundWrite(as: ByteBuffer.self) == ByteBuffer(string: text))
        return task
    }

    private func receive(_ text: String) async throws {
        try await channel.writeInbound(ByteBuffer(string: text))
    }

    private func failure(of task: Task<HTTPAnswer, any Error>) async -> S3ClientError? {
        switch await task.result {
        case .success: nil
        case .failure(let error): error as? S3ClientError
        }
    }

    private static func patience(_ silence: Int) -> AnswerPatience {
        AnswerPatience(silence: .seconds(silence), total: .seconds(600))
    }

    private let ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"

    // MARK: Answers

    @Test("an answer in pieces reaches who asked, and the connection carries the next request")
    func answers() async throws {
        for round in 1...3 {
            let task = try await send("request \(round)")
            #expect(!connection.hasAnswerBegun)
            for character in ok { try await receive(String(character)) }
            #expect(connection.hasAnswerBegun)
            #expect(try await task.value.body == Array("ok".utf8))
            #expect(connection.answersReceived == round)
            #expect(connection.isReusable)
        }
        #expect(channel.isActive || connection.end == nil)
    }

    @Test("a connection that the peer means to close is not used again")
    func connectionClose() async throws {
        let task = try await send()
        try await receive("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
        #expect(try await task.value.isSuccess)
        #expect(!connection.isReusable)
        #expect(connection.endAfterAnswer == .announced)
        channel.pipeline.fireChannelInactive()
        #expect(connection.end == .announced)
    }

    @Test("an answer with bytes behind it counts, and is the connection's last")
    func excess() async throws {
        let task = try await send(isHead: true)
        try await receive("HTTP/1.1 404 Not Found\r\nContent-Length: 8\r\n\r\n<Error/>")
        #expect(try await task.value.head.status == 404)
        #expect(!connection.isReusable)
        #expect(connection.endAfterAnswer == .unusable)
    }

    @Test("an answer may end with its connection")
    func untilClose() async throws {
        let task = try await send()
        try await receive("HTTP/1.1 200 OK\r\n\r\nall of it")
        channel.pipeline.fireChannelInactive()
        #expect(try await task.value.body == Array("all of it".utf8))
        #expect(!connection.isReusable)
        #expect(connection.end == .announced)
    }

    // MARK: Closes

    @Test("a connection that closes before a byte of the answer was stale")
    func stale() async throws {
        let first = try await send()
        try await receive(ok)
        _ = try await first.value
        let second = try await send()
        channel.pipeline.fireChannelInactive()
        let error = await failure(of: second)
        #expect(error?.code == .connectionClosed)
        #expect(error?.isRetryable == true)
        #expect(!connection.hasAnswerBegun)
        #expect(connection.end == .broken)
        #expect(!connection.isReusable)
    }

    @Test("one that closes within the answer was not")
    func closeWithinAnswer() async throws {
        let task = try await send()
        try await receive(String(ok.dropLast()))
        channel.pipeline.fireChannelInactive()
        #expect(await failure(of: task)?.code == .connectionClosed)
        #expect(connection.hasAnswerBegun)
    }

    @Test("a first request that is closed upon may have met a port that speaks TLS, and the message says so")
    func hintsAtTLS() async throws {
        let task = try await send()
        channel.pipeline.fireChannelInactive()
        #expect(await failure(of: task)?.message.contains("write https:// in its URL") == true)
    }

    @Test("a connection that closes while idle says so once, and takes no request any more")
    func idleClose() async throws {
        let task = try await send()
        try await receive(ok)
        _ = try await task.value
        var notices = 0
        connection.onIdleClose = { notices += 1 }
        channel.pipeline.fireChannelInactive()
        #expect(notices == 1)
        #expect(connection.end == .idle)
        #expect(!connection.isReusable)
        channel.pipeline.fireChannelInactive()
        #expect(notices == 1)

        connection.prepare([1])
        await #expect {
            try await connection.send(expecting: .document, toHead: false, patience: Self.patience(1))
        } throws: {
            ($0 as? S3ClientError)?.code == .connectionClosed
        }
        #expect(!connection.hasAnswerBegun, "the last answer is another request's")
    }

    @Test("bytes that no request asked for end the connection")
    func unexpectedBytes() async throws {
        var notices = 0
        connection.onIdleClose = { notices += 1 }
        try await receive("HTTP/1.1 408 Request Timeout\r\n\r\n")
        #expect(notices == 1)
        #expect(!connection.isReusable)
        #expect(connection.end == .unusable)
    }

    @Test("a reset is the peer's doing, and can be tried again")
    func reset() async throws {
        let task = try await send()
        channel.pipeline.fireErrorCaught(IOError(errnoCode: 104, reason: "read"))
        channel.pipeline.fireChannelInactive()
        let error = await failure(of: task)
        #expect(error?.code == .connectionClosed)
        #expect(error?.isRetryable == true)
        #expect(error?.description.contains("Connection reset by peer") == true)
        #expect(connection.end == .broken)
    }

    @Test(
        "a peer that speaks something else is known by it",
        arguments: [("220 mail ready\r\n", S3ClientError.Code.notS3), ("\u{15}\u{3}\u{3}", .tls)]
    )
    func notHTTP(text: String, code: S3ClientError.Code) async throws {
        let task = try await send()
        try await receive(text)
        let error = await failure(of: task)
        #expect(error?.code == code)
        // Garbage may have come from a proxy on the way; TLS stays TLS.
        #expect(error?.isRetryable == (code == .notS3))
        #expect(connection.end == .unusable)
    }

    // MARK: Time and cancellation

    @Test("silence has a bound, which each arriving byte sets back")
    func silence() async throws {
        let task = try await send()
        connection.advance(by: .seconds(60))
        try await receive("HTTP")
        connection.advance(by: .seconds(60))
        #expect(connection.isReusable)
        connection.advance(by: .seconds(1))
        let error = await failure(of: task)
        #expect(error?.code == .timeout)
        #expect(error?.isRetryable == true)
        #expect(error?.message == "http://host:80 sent nothing for 60 s")
        #expect(!connection.isReusable)
        #expect(connection.end == .timedOut)
    }

    @Test("an answer that drips for ever has a bound too")
    func drip() async throws {
        let task = try await send()
        try await receive("HTTP/1.1 200 OK\r\nx-drip: ")
        for _ in 0..<12 {
            connection.advance(by: .seconds(50))
            try await receive("a")
            #expect(connection.isInUse)
        }
        connection.advance(by: .seconds(1))
        let error = await failure(of: task)
        #expect(error?.code == .timeout)
        #expect(error?.message == "http://host:80 had not answered in full after 600 s")
        #expect(connection.end == .timedOut)
    }

    @Test("the silence of a request is not counted for the next one, and an idle connection may be silent for ever")
    func idleSilence() async throws {
        let first = try await send()
        connection.advance(by: .seconds(59))
        try await receive(ok)
        _ = try await first.value
        connection.advance(by: .seconds(100_000))
        let second = try await send()
        connection.advance(by: .seconds(59))
        try await receive(ok)
        #expect(try await second.value.isSuccess)
    }

    @Test("a request that is given up fails, and takes its connection along")
    func cancel() async throws {
        let task = try await send()
        connection.cancel(S3ClientError(code: .cancelled, message: "cancelled"))
        #expect(await failure(of: task)?.code == .cancelled)
        #expect(!connection.isReusable)
        #expect(connection.end == .cancelled)
        try await receive(ok)
        #expect(connection.answersReceived == 0)
    }

    @Test("a connection that its owner closes is the client's to close, and tells nobody")
    func close() async throws {
        var notices = 0
        connection.onIdleClose = { notices += 1 }
        connection.close(.finished)
        await channel.testingEventLoop.run()
        #expect(notices == 0)
        #expect(connection.end == .finished)
        #expect(!connection.isReusable)
        connection.prepare([1])
        await #expect {
            try await connection.send(expecting: .document, toHead: false, patience: Self.patience(1))
        } throws: {
            ($0 as? S3ClientError)?.code == .cancelled
        }
    }
}
