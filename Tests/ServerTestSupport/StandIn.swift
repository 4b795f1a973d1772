internal import NIOCore
internal import NIOPosix

/// A server that says what a test tells it to, for answers that no S3 server gives.
public enum StandIn {
    /// What a stand-in does.
    public enum Behaviour: Sendable {
        /// It closes every connection as soon as it is there.
        case closesAtOnce
        /// It takes connections and never says a word.
        case saysNothing
        /// It answers every request with what the closure makes of the request's head, and closes the connection.
        case answers(@Sendable (_ head: String) -> [UInt8])
    }

    /// Does something beside a stand-in, which is gone afterwards.
    ///
    /// - Parameters:
    ///   - behaviour: What it does.
    ///   - closes: Whether it closes a connection once it has answered; by default it does.
    ///   - body: Gets the port of 127.0.0.1 that it listens on.
    /// - Returns: What the body returns.
    /// - Throws: What the body throws.
    public static func run<Result>(
        _ behaviour: Behaviour,
        closes: Bool = true,
        _ body: (_ port: Int) async throws -> Result
    ) async throws -> Result {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let outcome: Swift.Result<Result, any Error>
        do {
            let listener = try await ServerBootstrap(group: group)
                .childChannelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try channel.pipeline.syncOperations.addHandler(Handler(behaviour, closes: closes))
                    }
                }
                .bind(host: "127.0.0.1", port: 0).get()
            guard let port = listener.localAddress?.port else { preconditionFailure("a listener has a port") }
            outcome = .success(try await body(port))
        } catch {
            outcome = .failure(error)
        }
        try await group.shutdownGracefully()
        return try outcome.get()
    }

    /// A port of 127.0.0.1 that nothing listens on.
    public static func closedPort() async throws -> Int {
        // A port that was free a moment ago: nothing here takes one by number.
        try await run(.closesAtOnce) { $0 }
    }

    /// A whole HTTP answer.
    public static func answer(_ status: String, type: String, fields: [String] = [], body: String) -> [UInt8] {
        let head = ["HTTP/1.1 \(status)", "content-type: \(type)", "content-length: \(body.utf8.count)"] + fields
        return Array((head.joined(separator: "\r\n") + "\r\n\r\n" + body).utf8)
    }

    private final class Handler: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer

        private let behaviour: Behaviour
        private let closes: Bool
        private var head = ""

        init(_ behaviour: Behaviour, closes: Bool) {
            self.behaviour = behaviour
            self.closes = closes
        }

        func channelActive(context: ChannelHandlerContext) {
            if case .closesAtOnce = behaviour { context.close(promise: nil) }
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            guard case .answers(let answer) = behaviour else { return }
            head += String(buffer: unwrapInboundIn(data))
            guard head.contains("\r\n\r\n") else { return }
            let output = ByteBuffer(bytes: answer(head))
            head = ""
            let channel = context.channel
            context.writeAndFlush(wrapOutboundOut(output)).whenComplete { [closes] _ in
                if closes { channel.close(promise: nil) }
            }
        }
    }
}
