private import Glibc
internal import NIOCore
internal import NIOSSL
internal import NIOTLS
internal import S3Protocol

/// One connection: the last handler of its channel, which writes a request and reads its answer on the event loop.
///
/// Everything here happens on the connection's event loop, so nothing is locked. There is no promise, task or allocation
/// for a header field; the buffer that requests are written into is kept.
final class HTTPConnection: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private enum State {
        /// TLS is being set up.
        case handshaking(CheckedContinuation<Void, any Error>?)
        case idle
        case busy(CheckedContinuation<HTTPAnswer, any Error>)
        case closed(S3ClientError)
    }

    private static let largestBufferKept = 64 * 1024

    /// The sizes of the buffer that a connection reads into and keeps: they follow what arrives, up to the size of a TLS
    /// record (RFC 8446, section 5.1), since there are hundreds of connections.
    static let receiveBuffers = AdaptiveRecvByteBufferAllocator(minimum: 1024, initial: 2048, maximum: 16 * 1024)

    private var state: State
    private var reader = AnswerReader()
    private var output = ByteBuffer()
    private var context: ChannelHandlerContext?
    /// How long nothing has come while something was awaited.
    private var silence = Duration.zero
    /// How long something has been awaited.
    private var waited = Duration.zero
    private var patience = AnswerPatience(silence: .zero, total: .zero)

    private let origin: ConnectionOrigin
    /// Called once when the connection closes by itself while no request is under way.
    var onIdleClose: (() -> Void)?
    /// Whether a byte has arrived since the last request was prepared.
    private(set) var hasAnswerBegun = false
    /// How many answers came.
    private(set) var answersReceived = 0
    /// Whether the last answer left the connection fit for another request.
    private(set) var isReusable = true
    /// Who ended the connection, and why; `nil` while it is open.
    private(set) var end: ConnectionEnd?
    /// The route that it is counted on.
    var route = 0
    /// Its own address and port, once it is open.
    var localAddress: SocketAddress? {
        didSet { opened = .now() }
    }
    /// When it was opened.
    private(set) var opened = NIODeadline.now()

    init(origin: ConnectionOrigin) {
        self.origin = origin
        state = origin.usesTLS ? .handshaking(nil) : .idle
    }

    // MARK: Requests

    /// Waits until TLS is set up; returns at once on a plain connection.
    ///
    /// - Throws: ``S3ClientError`` with the code `tls`, `timeout`, `cancelled` or `connectionClosed`.
    func waitUntilReady(atMost limit: Duration) async throws {
        switch state {
        case .handshaking(nil):
            begin(AnswerPatience(silence: limit, total: limit))
            try await withCheckedThrowingContinuation { state = .handshaking($0) }
        case .handshaking, .busy: preconditionFailure("one caller at a time")
        case .idle: return
        case .closed(let error): throw error
        }
    }

    /// Takes the bytes of the next request, head and payload; ``send(expecting:toHead:patience:)`` sends them.
    func prepare(_ bytes: [UInt8]) {
        hasAnswerBegun = false
        // What one large request needed is not kept for the small ones after it.
        if output.capacity > Self.largestBufferKept { output = ByteBuffer() } else { output.clear() }
        output.writeBytes(bytes)
    }

    /// Sends the request that was prepared and reads its answer whole.
    ///
    /// - Parameters:
    ///   - sink: Where the body of a successful answer goes.
    ///   - isHead: Whether the request is a HEAD, whose answer has no body.
    ///   - patience: How long the answer may take before the connection is given up.
    /// - Returns: The answer.
    /// - Throws: ``S3ClientError``; ``answersReceived`` and ``hasAnswerBegun`` tell whether the connection was stale.
    func send(expecting sink: ResponseSink, toHead isHead: Bool, patience: AnswerPatience) async throws -> HTTPAnswer {
        try await withCheckedThrowingContinuation { continuation in
            start(sink, isHead, patience, continuation)
        }
    }

    /// Time has passed; a connection whose answer takes longer than its request allows is given up.
    func advance(by elapsed: Duration) {
        switch state {
        case .idle, .closed, .handshaking(nil): return
        case .handshaking, .busy: break
        }
        silence += elapsed
        waited += elapsed
        if silence > patience.silence {
            giveUp("sent nothing for \(patience.silence.components.seconds) s")
        } else if waited > patience.total {
            giveUp("had not answered in full after \(patience.total.components.seconds) s")
        }
    }

    /// Gives up the request that is under way.
    func cancel(_ error: S3ClientError, _ end: ConnectionEnd = .cancelled) {
        fail(error, end)
    }

    /// Whether a request is under way.
    var isInUse: Bool {
        if case .busy = state { true } else { false }
    }

    /// What the connection failed with, unless it was the peer that ended it.
    var ownFailure: S3ClientError? {
        if case .closed(let error) = state, end?.isByPeer == false { error } else { nil }
    }

    /// Who ends a connection that its last answer left unfit for another request.
    var endAfterAnswer: ConnectionEnd { end ?? (reader.sawExcess ? .unusable : .announced) }

    /// Closes the connection with a reset: no request is under way that could lose by it, and the local port does not
    /// stay behind in TIME_WAIT.
    func close(_ end: ConnectionEnd) {
        if !isClosed { state = .closed(S3ClientError(code: .cancelled, message: "the connection was closed")) }
        self.end = self.end ?? end
        isReusable = false
        onIdleClose = nil
        guard let context else { return }
        if let options = context.channel as? any SocketOptionProvider {
            _ = options.setSoLinger(linger(l_onoff: 1, l_linger: 0))
        }
        context.close(mode: .all, promise: nil)
    }

    private func start(
        _ sink: ResponseSink,
        _ isHead: Bool,
        _ patience: AnswerPatience,
        _ continuation: CheckedContinuation<HTTPAnswer, any Error>
    ) {
        switch state {
        case .handshaking, .busy: preconditionFailure("one request at a time")
        case .closed(let error): return continuation.resume(throwing: error)
        case .idle: break
        }
        guard let context else { preconditionFailure("an idle connection is in its channel") }
        state = .busy(continuation)
        begin(patience)
        reader.expect(isHead: isHead, sink: sink)
        context.writeAndFlush(wrapOutboundOut(output), promise: nil)
    }

    // MARK: What the channel tells

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case TLSUserEvent.handshakeCompleted = event, case .handshaking(let waiter) = state {
            state = .idle
            waiter?.resume()
        }
        context.fireUserInboundEventTriggered(event)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let bytes = unwrapInboundIn(data)
        silence = .zero
        hasAnswerBegun = true
        switch state {
        case .busy:
            do {
                if let answer = try reader.read(bytes.readableBytesUInt8Span) { succeed(answer) }
            } catch {
                fail(ConnectionFault.clientError(for: error, origin: origin), .unusable)
            }
        case .idle:
            // What no request asked for belongs to none: the connection cannot be trusted with another.
            fail(
                S3ClientError(
                    code: .connectionClosed,
                    message: "\(origin.description) sent bytes that no request asked for",
                    isRetryable: true
                ),
                .unusable
            )
        case .handshaking, .closed: break
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        let endByPeer = endByPeer
        if case .busy = state, let answer = reader.connectionClosed() {
            succeed(answer)
            end = .announced
        }
        fail(
            ConnectionFault.closed(origin: origin, duringHandshake: isHandshaking, answersReceived: answersReceived),
            endByPeer
        )
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // A reset, or the end of the stream without TLS's own, is the peer's doing.
        let isByPeer = error is IOError || error as? NIOSSLError == .uncleanShutdown
        fail(
            ConnectionFault.clientError(for: error, origin: origin, isSetUp: !isHandshaking),
            isByPeer ? endByPeer : .unusable
        )
    }

    // MARK: Ends

    private var isClosed: Bool {
        if case .closed = state { true } else { false }
    }

    private var isHandshaking: Bool {
        if case .handshaking = state { true } else { false }
    }

    /// What it is when the peer ends the connection now; what it had announced may come before its user gives it back.
    private var endByPeer: ConnectionEnd {
        isHandshaking || isInUse ? .broken : isReusable ? .idle : endAfterAnswer
    }

    private func begin(_ patience: AnswerPatience) {
        silence = .zero
        waited = .zero
        self.patience = patience
    }

    private func giveUp(_ what: String) {
        fail(
            S3ClientError(code: .timeout, message: "\(origin.description) \(what)", isRetryable: true),
            .timedOut
        )
    }

    private func succeed(_ answer: HTTPAnswer) {
        guard case .busy(let continuation) = state else { return }
        answersReceived += 1
        isReusable = reader.keepsAlive
        state = .idle
        continuation.resume(returning: answer)
    }

    private func fail(_ error: S3ClientError, _ end: ConnectionEnd) {
        let previous = state
        guard !isClosed else { return }
        state = .closed(error)
        self.end = self.end ?? end
        isReusable = false
        switch previous {
        case .handshaking(let waiter): waiter?.resume(throwing: error)
        case .busy(let continuation): continuation.resume(throwing: error)
        case .idle: onIdleClose?()
        case .closed: break
        }
        onIdleClose = nil
        context?.close(mode: .all, promise: nil)
    }
}
