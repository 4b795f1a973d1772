import Foundation
import NIOCore
import NIOHTTP1
import NIOSSL
import Synchronization

/// Serves the requests of one connection, one at a time.
final class HTTPConnectionHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    /// The bytes of a large body that are handed to the connection at once.
    private static let pieceSize = 256 << 10

    private let service: S3Service
    private let latency: TimeAmount
    private var exchange: Exchange?
    private var keepsAlive = true
    /// Set when an answer went out that ends the connection: what still comes in is of no interest.
    private var isEnding = false
    private var requestCount = 0
    private var receivedBytes = 0
    private var idleTask: Scheduled<Void>?

    init(service: S3Service, latency: TimeAmount) {
        self.service = service
        self.latency = latency
    }

    func channelActive(context: ChannelHandlerContext) {
        waitForRequest(context)
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        idleTask?.cancel()
        exchange = nil
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isEnding else { return }
        switch unwrapInboundIn(data) {
        case .head(let head): begin(head, context)
        case .body(let buffer):
            receivedBytes += buffer.readableBytes
            buffer.withUnsafeReadableBytes { exchange?.receive($0) }
        case .end:
            guard let response = exchange?.finish() else { return }
            exchange = nil
            let wait = latency + TimeAmount(response.delay)
            if wait > .zero {
                context.eventLoop.assumeIsolated().scheduleTask(in: wait) { self.send(response, context) }
            } else {
                send(response, context)
            }
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // The peer is gone, or does not speak the protocol; there is no one to tell.
        context.close(promise: nil)
    }

    private func begin(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
        idleTask?.cancel()
        idleTask = nil
        requestCount += 1
        receivedBytes = 0
        keepsAlive = head.isKeepAlive
        if let limit = service.faults.withLock({ $0.faults.closeAfterRequests }), requestCount >= limit {
            keepsAlive = false
        }
        let request = RequestHead(method: head.method.rawValue, target: head.uri, headers: head.headers)
        var exchange = Exchange(request, service: service)
        guard head.headers.first(name: "Expect")?.lowercased() == "100-continue" else {
            self.exchange = exchange
            return
        }
        if exchange.isRefused {
            // The client was asked for no body, so that none comes, or one that is of no use.
            keepsAlive = false
            isEnding = true
            send(exchange.finish(), context)
        } else {
            self.exchange = exchange
            let head = HTTPResponseHead(version: .http1_1, status: .continue)
            context.writeAndFlush(wrapOutboundOut(.head(head)), promise: nil)
        }
    }

    private func send(_ response: Response, _ context: ChannelHandlerContext) {
        var limit = Int.max
        switch response.interruption {
        case .none: break
        case .reset: return reset(context)
        case .close(let bytes): (limit, keepsAlive) = (bytes, false)
        }
        var headers = response.headers
        headers.add(name: "Content-Length", value: String(response.contentLength))
        if !keepsAlive { headers.add(name: "Connection", value: "close") }
        let status = HTTPResponseStatus(statusCode: response.status)
        let head = HTTPResponseHead(version: .http1_1, status: status, headers: headers)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        switch response.content {
        case .none: finish(context, sent: 0, isCutOff: false)
        case .bytes(let bytes):
            let piece = bytes.prefix(limit)
            write(piece, context)
            finish(context, sent: piece.count, isCutOff: piece.count < response.contentLength)
        case .stored(let reader): stream(reader, sent: 0, context)
        }
    }

    private func write(_ bytes: ArraySlice<UInt8>, _ context: ChannelHandlerContext) {
        guard !bytes.isEmpty else { return }
        let buffer = context.channel.allocator.buffer(bytes: bytes)
        context.write(wrapOutboundOut(.body(.byteBuffer(buffer))), promise: nil)
    }

    /// Sends the next piece of a body, and the one after it when that one has gone out.
    private func stream(_ reader: BodyReader, sent: Int, _ context: ChannelHandlerContext) {
        var reader = reader
        let piece: ArraySlice<UInt8>
        do {
            piece = try reader.next(upTo: Self.pieceSize) ?? []
        } catch {
            // The head is out, so that the only way to say so is to break off.
            context.close(promise: nil)
            return
        }
        guard reader.remaining > 0 else {
            write(piece, context)
            return finish(context, sent: sent + piece.count, isCutOff: false)
        }
        let rest = reader
        let buffer = context.channel.allocator.buffer(bytes: piece)
        context.writeAndFlush(wrapOutboundOut(.body(.byteBuffer(buffer)))).assumeIsolated().whenSuccess {
            self.stream(rest, sent: sent + piece.count, context)
        }
    }

    private func finish(_ context: ChannelHandlerContext, sent: Int, isCutOff: Bool) {
        let received = receivedBytes
        service.statistics.withLock { statistics in
            statistics.bytesReceived += received
            statistics.bytesSent += sent
        }
        if isCutOff {
            context.flush()
            context.close(promise: nil)
        } else if keepsAlive {
            context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
            waitForRequest(context)
        } else {
            isEnding = true
            context.writeAndFlush(wrapOutboundOut(.end(nil))).assumeIsolated().whenComplete { _ in
                context.close(promise: nil)
            }
        }
    }

    /// Ends the connection with RST: nothing lingers and nothing more is sent, not even TLS's farewell.
    private func reset(_ context: ChannelHandlerContext) {
        isEnding = true
        let pipeline = context.pipeline.syncOperations
        let outermost = (try? pipeline.context(handlerType: NIOSSLServerHandler.self)) ?? context
        guard let options = context.channel as? any SocketOptionProvider else {
            return outermost.close(promise: nil)
        }
        options.setSoLinger(linger(l_onoff: 1, l_linger: 0)).assumeIsolated().whenComplete { _ in
            outermost.close(promise: nil)
        }
    }

    private func waitForRequest(_ context: ChannelHandlerContext) {
        guard let wait = service.faults.withLock({ $0.faults.closeIdleAfter }) else { return }
        idleTask = context.eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(wait)) {
            context.close(promise: nil)
        }
    }
}
