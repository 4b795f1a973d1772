internal import Glibc
internal import NIOCore
internal import NIOPosix
internal import NIOSSL
internal import S3Protocol
internal import SystemPackage

/// Opens connections: looks the name up, tries its addresses in turn, sets TLS up.
struct Connector: Sendable {
    let connectTimeout: Duration
    let names = NameResolver()
    /// What all TLS connections share; `nil` where none will be made: reading the system's authorities takes a while.
    private let tls: NIOSSLContext?

    /// Prepares TLS once for all connections.
    ///
    /// - Throws: ``S3ClientError`` with the code `configuration` if the file of trusted authorities cannot be read.
    init(_ configuration: S3ClientConfiguration) throws(S3ClientError) {
        connectTimeout = configuration.connectTimeout
        let needsTLS = configuration.endpoint?.scheme != .http || configuration.trust != .system
        tls = needsTLS ? try Self.context(trusting: configuration.trust) : nil
    }

    private static func context(trusting trust: S3ClientConfiguration.Trust) throws(S3ClientError) -> NIOSSLContext {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.applicationProtocols = ["http/1.1"]
        switch trust {
        case .system: break
        case .bundle(let path): configuration.trustRoots = .file(path)
        case .anything: configuration.certificateVerification = .none
        }
        do {
            return try NIOSSLContext(configuration: configuration)
        } catch {
            guard case .bundle(let path) = trust else {
                throw S3ClientError(code: .tls, message: "TLS could not be set up", cause: error)
            }
            throw S3ClientError(
                code: .configuration,
                message: "the certificate bundle '\(path)' cannot be used: \(Self.problem(withBundle: path))"
            )
        }
    }

    /// Why a file of trusted authorities could not be taken; BoringSSL tells it in its own terms only.
    private static func problem(withBundle path: String) -> String {
        do {
            let file = try FileDescriptor.open(path, .readOnly)
            try file.close()
            return "it holds no certificate in PEM form"
        } catch {
            return "\(error)"
        }
    }

    /// Opens one connection on an event loop, on which the caller must be.
    ///
    /// Every address of the name is tried once, beginning with the one whose turn it is.
    ///
    /// - Parameters:
    ///   - origin: What to connect to.
    ///   - eventLoop: Where the connection is to live.
    ///   - onOpening: Told of each connection that is tried, so that the caller can tell it of the time, or give it up.
    /// - Returns: A connection that is ready for a request.
    /// - Throws: ``S3ClientError`` with the code `nameLookup`, `connect`, `tls` or `timeout`.
    func connect(
        to origin: ConnectionOrigin,
        on eventLoop: any EventLoop,
        onOpening: (HTTPConnection) -> Void
    ) async throws -> HTTPConnection {
        var failure: S3ClientError?
        for address in try await names.addresses(of: origin, on: eventLoop) {
            do {
                // Not looked up in the pipeline: that is empty already when the peer closed at once, and the connection
                // knows why.
                let connection = HTTPConnection(origin: origin)
                onOpening(connection)
                _ = try await bootstrap(connection, to: origin, on: eventLoop).connect(to: address).get()
                try await connection.waitUntilReady(atMost: connectTimeout)
                return connection
            } catch let error as S3ClientError {
                failure = error
            } catch {
                failure = ConnectionFault.connect(error, origin: origin, address: address)
            }
        }
        names.forget(origin)
        throw failure ?? S3ClientError(code: .nameLookup, message: "'\(origin.host)' has no address")
    }

    private func bootstrap(
        _ connection: HTTPConnection,
        to origin: ConnectionOrigin,
        on eventLoop: any EventLoop
    ) -> ClientBootstrap {
        let connection = NIOLoopBound(connection, eventLoop: eventLoop)
        return ClientBootstrap(group: eventLoop)
            .connectTimeout(.nanoseconds(Int64(connectTimeout / .nanoseconds(1))))
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelOption(.recvAllocator, value: HTTPConnection.receiveBuffers)
            // TLS decrypts all that is read in one turn into one buffer, which grows to hold it and is kept.
            .channelOption(.maxMessagesPerRead, value: 1)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    if origin.usesTLS, let tls { try pipeline.addHandler(Self.handler(tls, for: origin.host)) }
                    try pipeline.addHandler(connection.value)
                }
            }
    }

    private static func handler(_ context: NIOSSLContext, for host: String) throws -> NIOSSLClientHandler {
        // An address has no place in SNI (RFC 6066, section 3); the certificate is then checked against the peer's.
        try NIOSSLClientHandler(context: context, serverHostname: Endpoint.isAddress(host) ? nil : host)
    }
}
