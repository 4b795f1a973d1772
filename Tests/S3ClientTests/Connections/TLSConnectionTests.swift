import NIOCore
import NIOEmbedded
import NIOSSL
import NIOTLS
import Testing

@testable import S3Client

/// What a connection makes of what the TLS handler in front of it tells.
///
/// An actor on the connection's own event loop, as ``HTTPConnectionTests`` is.
@Suite("One connection while TLS is set up", .timeLimit(.minutes(5)))
actor TLSConnectionTests {
    private let channel = NIOAsyncTestingChannel()
    private let connection: HTTPConnection

    nonisolated var unownedExecutor: UnownedSerialExecutor { channel.testingEventLoop.asUnownedSerialExecutor() }

    init() async throws {
        connection = HTTPConnection(origin: ConnectionOrigin(host: "host", port: 443, usesTLS: true))
        try channel.pipeline.syncOperations.addHandler(connection)
    }

    deinit {
        // An open channel and its pipeline keep each other alive.
        channel.close(promise: nil)
    }

    /// Waits for TLS, and comes back while it is waited for.
    private func wait() -> Task<Void, any Error> {
        Task.immediate {
            try await connection.waitUntilReady(atMost: .seconds(10))
        }
    }

    private func failure(of task: Task<Void, any Error>) async -> S3ClientError? {
        switch await task.result {
        case .success: nil
        case .failure(let error): error as? S3ClientError
        }
    }

    private func completeHandshake() {
        channel.pipeline.fireUserInboundEventTriggered(TLSUserEvent.handshakeCompleted(negotiatedProtocol: nil))
    }

    @Test("it is ready when the handshake is done")
    func ready() async throws {
        let task = wait()
        completeHandshake()
        try await task.value
        #expect(connection.isReusable)
        try await connection.waitUntilReady(atMost: .seconds(10))
    }

    @Test("a handshake that was done before anyone asked is no different")
    func readyBefore() async throws {
        completeHandshake()
        try await connection.waitUntilReady(atMost: .seconds(10))
    }

    @Test("a peer that closes during the handshake may speak plain HTTP, and the message says so")
    func closed() async {
        let task = wait()
        channel.pipeline.fireChannelInactive()
        let error = await failure(of: task)
        #expect(error?.code == .tls)
        #expect(error?.message.contains("write http:// in its URL") == true)
    }

    @Test("a handshake that failed before anyone asked is reported to who asks")
    func failedBefore() async {
        channel.pipeline.fireErrorCaught(NIOSSLError.handshakeFailed(.unknownError([])))
        #expect(await failure(of: wait())?.code == .tls)
    }

    @Test("a handshake has a bound")
    func timeout() async {
        let task = wait()
        connection.advance(by: .seconds(10))
        #expect(connection.isReusable)
        connection.advance(by: .seconds(1))
        #expect(await failure(of: task)?.code == .timeout)
    }

    @Test("an idle connection that ends without TLS's own end was closed by its peer")
    func uncleanShutdown() {
        completeHandshake()
        var notices = 0
        connection.onIdleClose = { notices += 1 }
        channel.pipeline.fireErrorCaught(NIOSSLError.uncleanShutdown)
        #expect(notices == 1)
        #expect(connection.end?.isByPeer == true)
    }
}
