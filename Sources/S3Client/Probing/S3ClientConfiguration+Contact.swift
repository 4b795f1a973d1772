private import Glibc
internal import NIOCore
internal import NIOPosix
internal import NIOSSL
internal import S3Protocol

extension S3ClientConfiguration {
    /// Opens one connection to one address of an endpoint, sets TLS up where the endpoint has it, asks for nothing
    /// (`HEAD /`, without a signature), and closes it with a reset, so that no local port stays behind in TIME_WAIT.
    ///
    /// - Parameters:
    ///   - address: One of the endpoint's addresses.
    ///   - endpoint: What ``addresses(for:)`` found.
    /// - Returns: What the connection showed.
    /// - Throws: ``S3ClientError`` with the codes of connecting and of TLS, `timeout` after ``connectTimeout`` without an
    ///   answer, and `notS3` for a peer that does not speak HTTP.
    public func contact(
        _ address: String,
        of endpoint: EndpointAddresses
    ) async throws(S3ClientError) -> EndpointContact {
        let group = try eventLoops(1)
        let origin = ConnectionOrigin(host: endpoint.host, port: Int(endpoint.port), usesTLS: endpoint.usesTLS)
        let outcome: Result<EndpointContact, S3ClientError>
        do {
            let tls = endpoint.usesTLS ? try Connector.context(trusting: trust) : nil
            let peer = try SocketAddress(ipAddress: address, port: Int(endpoint.port))
            outcome = .success(try await contact(peer, origin: origin, tls: tls, on: group.next()))
        } catch {
            outcome = .failure(ConnectionFault.clientError(for: error, origin: origin))
        }
        do {
            try await group.shutdownGracefully()
        } catch {
            preconditionFailure("an event loop that only this function knows is shut down once: \(error)")
        }
        return try outcome.get()
    }

    private func contact(
        _ peer: SocketAddress,
        origin: ConnectionOrigin,
        tls: NIOSSLContext?,
        on eventLoop: any EventLoop
    ) async throws -> EndpointContact {
        let found = eventLoop.makePromise(of: EndpointContact.self)
        let limit = TimeAmount.nanoseconds(Int64(connectTimeout / .nanoseconds(1)))
        let channel: any Channel
        do {
            var bootstrap = ClientBootstrap(group: eventLoop).connectTimeout(limit)
            let sources = try sourceAddresses.map { text throws(S3ClientError) in try TransportAddress(source: text) }
            if let source = sources.first(where: { $0.socketAddress.protocol == peer.protocol }) {
                bootstrap = bootstrap.bound(to: source)
            }
            channel =
                try await bootstrap
                .channelInitializer { [userAgent] channel in
                    channel.eventLoop.makeCompletedFuture {
                        let pipeline = channel.pipeline.syncOperations
                        if let tls { try pipeline.addHandler(Connector.handler(tls, for: origin.host)) }
                        try pipeline.addHandler(EndpointGreeting(origin: origin, userAgent: userAgent, contact: found))
                    }
                }
                .connect(to: peer).get()
        } catch {
            let fault = ConnectionFault.connect(error, origin: origin, address: peer)
            found.fail(fault)
            throw fault
        }
        let overdue = eventLoop.scheduleTask(in: limit) {
            let seconds = limit.nanoseconds / 1_000_000_000
            channel.pipeline.fireErrorCaught(
                S3ClientError(code: .timeout, message: "\(origin.description) sent nothing for \(seconds) s")
            )
        }
        defer {
            overdue.cancel()
            if let options = channel as? any SocketOptionProvider {
                _ = options.setSoLinger(linger(l_onoff: 1, l_linger: 0))
            }
            channel.close(promise: nil)
        }
        return try await found.futureResult.get()
    }
}
