internal import Glibc
internal import NIOCore
internal import NIOPosix
internal import NIOSSL
internal import S3Protocol
internal import SystemPackage

/// Opens connections: one to one address, and sets TLS up.
struct Connector: Sendable {
    let connectTimeout: Duration
    let shortagePatience: Duration
    let names: NameResolver
    let reserve = DescriptorReserve()
    /// The local addresses that connections leave from; empty leaves the choice to the kernel.
    let sources: [TransportAddress]
    /// Explains what the machine refused.
    let diagnose: @Sendable (SystemRefusal) -> String?
    /// Told once when the machine lacks what a connection needs.
    let onShortage: @Sendable (String) -> Void
    /// What all TLS connections share; `nil` where none will be made: reading the system's authorities takes a while.
    private let tls: NIOSSLContext?

    /// Prepares TLS once for all connections.
    ///
    /// - Throws: ``S3ClientError`` with the code `configuration` if the file of trusted authorities cannot be read or a
    ///   source address is not this machine's.
    init(_ configuration: S3ClientConfiguration) throws(S3ClientError) {
        connectTimeout = configuration.connectTimeout
        shortagePatience = configuration.shortagePatience
        names = NameResolver(lifetime: configuration.addressLifetime)
        var sources: [TransportAddress] = []
        for text in configuration.sourceAddresses { sources.append(try TransportAddress(source: text)) }
        self.sources = sources
        diagnose = configuration.diagnose
        onShortage = { [onNotice = configuration.onNotice] in onNotice(.shortage($0)) }
        let needsTLS = configuration.endpoint?.scheme != .http || configuration.trust != .system
        tls = needsTLS ? try Self.context(trusting: configuration.trust) : nil
    }

    static func context(trusting trust: S3ClientConfiguration.Trust) throws(S3ClientError) -> NIOSSLContext {
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

    /// The ways to a name's addresses: from each source address to each remote one of the same family.
    ///
    /// - Throws: ``S3ClientError`` with the code `connect` where no family is on both sides.
    func routes(to addresses: [SocketAddress], of host: String) throws(S3ClientError) -> [Route<TransportAddress>] {
        let remotes = addresses.map { TransportAddress($0) }
        guard !sources.isEmpty else { return remotes.map { Route(source: nil, remote: $0) } }
        let routes = remotes.flatMap { remote in
            sources.filter { $0.socketAddress.protocol == remote.socketAddress.protocol }
                .map { Route(source: $0, remote: remote) }
        }
        guard !routes.isEmpty else {
            throw S3ClientError(
                code: .connect,
                message: "the addresses of '\(host)' (\(remotes.map(\.description).joined(separator: ", "))) and the "
                    + "source addresses (\(sources.map(\.description).joined(separator: ", "))) are not of one family; "
                    + "name a source address of the same family"
            )
        }
        return routes
    }

    /// Opens one connection on an event loop, on which the caller must be.
    ///
    /// - Parameters:
    ///   - route: From where to where.
    ///   - connection: What the connection becomes; it is ready for a request when this returns.
    ///   - origin: What is expected there.
    ///   - eventLoop: Where the connection is to live.
    /// - Throws: ``S3ClientError`` with the code `connect`, `tls`, `timeout` or `cancelled`.
    func open(
        _ route: Route<TransportAddress>,
        for connection: HTTPConnection,
        to origin: ConnectionOrigin,
        on eventLoop: any EventLoop
    ) async throws(S3ClientError) {
        do {
            // Not looked up in the pipeline: that is empty already when the peer closed at once, and the connection
            // knows why.
            let bootstrap = bootstrap(connection, to: origin, from: route.source, on: eventLoop)
            let channel = try await bootstrap.connect(to: route.remote.socketAddress).get()
            connection.localAddress = channel.localAddress
            try await connection.waitUntilReady(atMost: connectTimeout)
        } catch let error as S3ClientError {
            throw error
        } catch {
            if let failure = connection.ownFailure { throw failure }
            throw ConnectionFault.connect(error, origin: origin, address: route.remote.socketAddress)
        }
    }

    private func bootstrap(
        _ connection: HTTPConnection,
        to origin: ConnectionOrigin,
        from source: TransportAddress?,
        on eventLoop: any EventLoop
    ) -> ClientBootstrap {
        let connection = NIOLoopBound(connection, eventLoop: eventLoop)
        let bootstrap = ClientBootstrap(group: eventLoop)
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
        return source.map { bootstrap.bound(to: $0) } ?? bootstrap
    }

    static func handler(_ context: NIOSSLContext, for host: String) throws -> NIOSSLClientHandler {
        // An address has no place in SNI (RFC 6066, section 3); the certificate is then checked against the peer's.
        try NIOSSLClientHandler(context: context, serverHostname: Endpoint.isAddress(host) ? nil : host)
    }
}

extension ClientBootstrap {
    /// Connects from a local address, and leaves the port to connect(2): bind(2) would take one for this connection
    /// alone, and not one that differs towards the remote only.
    func bound(to source: TransportAddress) -> ClientBootstrap {
        channelOption(ChannelOptions.Types.SocketOption(level: .ip, name: .bindAddressNoPort), value: 1)
            .bind(to: source.socketAddress)
    }
}

extension NIOBSDSocket.Option {
    /// `IP_BIND_ADDRESS_NO_PORT` of ip(7), Linux 4.2 and later; the C library's header is not imported with it.
    static let bindAddressNoPort = NIOBSDSocket.Option(rawValue: 24)
}
