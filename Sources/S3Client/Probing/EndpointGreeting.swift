internal import NIOCore
internal import NIOSSL
internal import NIOTLS
internal import S3Protocol

/// The last handler of a connection that is there to be looked at: sets TLS up, asks for nothing, reads one head, and
/// takes the time on the event loop, so that no other thread's business is measured.
final class EndpointGreeting: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let origin: ConnectionOrigin
    private let request: String
    private var contact: EventLoopPromise<EndpointContact>?
    private var reader = AnswerReader()

    private var began = NIODeadline.now()
    private var connected = NIODeadline.now()
    private var asked = NIODeadline.now()
    private var tls: EndpointContact.TLS?

    /// - Parameters:
    ///   - origin: What the connection leads to.
    ///   - userAgent: How this client calls itself.
    ///   - contact: Completed once with what was found.
    init(origin: ConnectionOrigin, userAgent: String, contact: EventLoopPromise<EndpointContact>) {
        self.origin = origin
        self.contact = contact
        let host = origin.host.contains(":") ? "[\(origin.host)]" : origin.host
        // Without asking the peer to close: this side resets, and the peer is left without a TIME_WAIT too.
        request = "HEAD / HTTP/1.1\r\nhost: \(host):\(origin.port)\r\nuser-agent: \(userAgent)\r\n\r\n"
        reader.expect(isHead: true, sink: .document)
    }

    func handlerAdded(context: ChannelHandlerContext) {
        // The channel connects next.
        began = .now()
    }

    func channelActive(context: ChannelHandlerContext) {
        connected = .now()
        if !origin.usesTLS { ask(context) }
        context.fireChannelActive()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case TLSUserEvent.handshakeCompleted = event {
            let pipeline = context.channel.pipeline.syncOperations
            // Without the handler there would be no such event; what it does not tell stays unknown.
            let version = (try? pipeline.nioSSL_tlsVersion()) ?? nil
            let certificate = (try? pipeline.nioSSL_peerCertificate()) ?? nil
            tls = EndpointContact.TLS(
                version: version.map(Self.name) ?? "TLS",
                handshake: Self.time(from: connected),
                certificateExpires: certificate.map { UTCTime(secondsSinceEpoch: Int($0.notValidAfter)) }
            )
            ask(context)
        }
        context.fireUserInboundEventTriggered(event)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let bytes = unwrapInboundIn(data)
        do {
            guard let answer = try reader.read(bytes.readableBytesUInt8Span) else { return }
            contact?.succeed(
                EndpointContact(
                    connect: Self.time(from: began, to: connected),
                    tls: tls,
                    answer: Self.time(from: asked),
                    status: answer.head.status,
                    serverTime: answer.head.text("date").flatMap { UTCTime(httpDate: $0) },
                    localTime: .now,
                    server: answer.head.text("server")
                )
            )
            contact = nil
        } catch {
            fail(ConnectionFault.clientError(for: error, origin: origin))
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        let duringHandshake = origin.usesTLS && tls == nil
        fail(ConnectionFault.closed(origin: origin, duringHandshake: duringHandshake, answersReceived: 0))
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        fail(ConnectionFault.clientError(for: error, origin: origin))
    }

    private func ask(_ context: ChannelHandlerContext) {
        asked = .now()
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: request)), promise: nil)
    }

    private func fail(_ error: S3ClientError) {
        contact?.fail(error)
        contact = nil
    }

    private static func time(from start: NIODeadline, to end: NIODeadline = .now()) -> Duration {
        .nanoseconds((end - start).nanoseconds)
    }

    private static func name(_ version: TLSVersion) -> String {
        switch version {
        case .tlsv1: "TLS 1.0"
        case .tlsv11: "TLS 1.1"
        case .tlsv12: "TLS 1.2"
        case .tlsv13: "TLS 1.3"
        }
    }
}
