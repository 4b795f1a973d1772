internal import NIOCore
internal import NIOSSL
internal import NIOTLS
internal import S3Protocol

/// The last handler of a connection that is there to be looked at: tells when TLS is set up, and reads one head.
///
/// It lives on its event loop, where both promises are completed once.
final class EndpointGreeting: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    /// What is known of a connection that is ready.
    struct Security: Sendable {
        /// `nil` without TLS.
        var version: String?
        var certificateExpires: UTCTime?
    }

    private let origin: ConnectionOrigin
    private var ready: EventLoopPromise<Security>?
    private var answered: EventLoopPromise<ResponseHead>?
    private var reader = AnswerReader()

    init(
        origin: ConnectionOrigin,
        ready: EventLoopPromise<Security>,
        answered: EventLoopPromise<ResponseHead>
    ) {
        self.origin = origin
        self.ready = ready
        self.answered = answered
        reader.expect(isHead: true, sink: .document)
    }

    func channelActive(context: ChannelHandlerContext) {
        if !origin.usesTLS { becomeReady(Security()) }
        context.fireChannelActive()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case TLSUserEvent.handshakeCompleted = event {
            let pipeline = context.channel.pipeline.syncOperations
            let handler = try? pipeline.handler(type: NIOSSLClientHandler.self)
            let certificate = (try? context.channel.pipeline.syncOperations.nioSSL_peerCertificate()) ?? nil
            becomeReady(
                Security(
                    version: handler?.tlsVersion.map(Self.name) ?? "TLS",
                    certificateExpires: certificate.map { UTCTime(secondsSinceEpoch: Int($0.notValidAfter)) }
                )
            )
        }
        context.fireUserInboundEventTriggered(event)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let bytes = unwrapInboundIn(data)
        do {
            guard let answer = try reader.read(bytes.readableBytesUInt8Span) else { return }
            answered?.succeed(answer.head)
            answered = nil
        } catch {
            fail(ConnectionFault.clientError(for: error, origin: origin))
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        fail(ConnectionFault.closed(origin: origin, duringHandshake: ready != nil, answersReceived: 0))
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        fail(ConnectionFault.clientError(for: error, origin: origin))
    }

    private func becomeReady(_ security: Security) {
        ready?.succeed(security)
        ready = nil
    }

    private func fail(_ error: S3ClientError) {
        ready?.fail(error)
        ready = nil
        answered?.fail(error)
        answered = nil
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
