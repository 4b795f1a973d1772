internal import FlowControl
internal import NIOCore
internal import NIOPosix
public import S3Protocol
internal import Synchronization

/// A client of one S3 service for one set of credentials, over connections that stay open.
///
/// Any task may call any method. Every method sends its request again where that may help (see ``RetryPolicy``), and
/// corrects a wrong region or a wrong clock by what the server says, once. Failures are ``S3ResponseError`` where the
/// server gave the reason, ``S3ClientError`` for everything else.
public final class S3Client: Sendable {
    /// How the client was set up.
    public let configuration: S3ClientConfiguration

    let loops: [ConnectionLoop]
    let corrections = Mutex(ServerCorrections())
    let gate = RequestGate()
    let retriesAreOver = Atomic(false)
    private let pacer: RequestPacer?
    let patience: AnswerPatience
    let copyPatience: AnswerPatience
    private let group: MultiThreadedEventLoopGroup
    private let nextLoop = Atomic(0)
    private let finalStatistics = Mutex<ClientStatistics?>(nil)

    /// Starts the client's threads; no connection is opened yet.
    ///
    /// ``shutDown()`` must be called in the end.
    ///
    /// - Throws: ``S3ClientError`` with the code `configuration`.
    public init(_ configuration: S3ClientConfiguration) throws(S3ClientError) {
        try configuration.validate()
        let connector = try Connector(configuration)
        let loopCount = min(configuration.eventLoops, configuration.maximumConnections)
        let group = try configuration.eventLoops(loopCount)
        let (share, rest) = configuration.maximumConnections.quotientAndRemainder(dividingBy: loopCount)
        self.configuration = configuration
        self.group = group
        let pacer = configuration.maximumRequestsPerSecond.map {
            RequestPacer(perSecond: $0, eventLoop: group.next())
        }
        self.pacer = pacer
        patience = AnswerPatience(silence: configuration.silenceAllowed, total: configuration.answerDeadline)
        copyPatience = AnswerPatience(silence: configuration.copySilenceAllowed, total: configuration.answerDeadline)
        loops = (0..<loopCount).map { index in
            ConnectionLoop(
                eventLoop: group.next(),
                connector: connector,
                maximumConnections: share + (index < rest ? 1 : 0),
                connectionsAtFirst: configuration.connectionsAtFirst.map { max(1, $0 / loopCount) },
                userAgent: configuration.userAgent,
                pacer: pacer
            )
        }
    }

    /// Closes every connection and ends the threads; requests under way, and all that come later, fail with
    /// ``S3ClientError/Code/cancelled``.
    ///
    /// Calling it again does nothing.
    public func shutDown() async {
        guard gate.close() else { return }
        pacer?.close()
        for loop in loops { await loop.shutDown() }
        await gate.waitUntilEmpty()
        let statistics = await statistics()
        finalStatistics.withLock { $0 = statistics }
        do {
            try await group.shutdownGracefully()
        } catch {
            preconditionFailure("event loops that only this client knows are shut down once: \(error)")
        }
    }

    /// Has every request that fails from now on fail for good, and those that wait to be sent again fail at once.
    ///
    /// Requests under way go on: a program that is to end soon calls this first.
    public func stopRetrying() {
        retriesAreOver.store(true, ordering: .relaxed)
    }

    // MARK: Where work runs

    /// Runs work on the event loop that carries a share of the connections, so that its requests need no other thread.
    ///
    /// - Parameters:
    ///   - index: Which worker this is; workers are dealt out to the event loops in turn.
    ///   - body: The work, isolated to the event loop.
    /// - Returns: What the work returns.
    public func withConnectionLoop<Result: Sendable>(
        _ index: Int,
        _ body: @Sendable (isolated ConnectionLoop) async throws -> Result
    ) async rethrows -> Result {
        precondition(!gate.isClosed, "the client was shut down, and its event loops with it")
        let loop = loops[index % loops.count]
        return try await withTaskExecutorPreference(loop.executor) { try await body(loop) }
    }

    /// The event loop that the caller runs on, if it is one of this client's, or the one whose turn it is.
    func currentLoop(_ isolation: (any Actor)?) -> ConnectionLoop {
        if let loop = isolation as? ConnectionLoop, loops.contains(where: { $0 === loop }) { return loop }
        let turn = nextLoop.add(1, ordering: .relaxed).oldValue
        return loops[turn % loops.count]
    }

    // MARK: What was done

    /// The addresses and ports, as `192.0.2.1:443`, that the name of a bucket's host, or of the service, has now.
    ///
    /// The name is looked up if it was not yet; connections use the same addresses.
    ///
    /// - Throws: ``S3ClientError`` with the code `nameLookup`.
    public func addresses(of bucket: BucketName? = nil) async throws -> [String] {
        try gate.enter()
        defer { gate.leave() }
        return try await loops[0].addresses(of: target(for: bucket).origin(for: bucket))
    }

    /// The connections that are open now, in no order.
    public func openConnections() async -> [OpenConnection] {
        guard !gate.isClosed else { return [] }
        var open: [OpenConnection] = []
        for loop in loops { open += await loop.openConnections }
        return open
    }

    /// What was sent so far, and over which connections.
    public func statistics() async -> ClientStatistics {
        if let final = finalStatistics.withLock({ $0 }) { return final }
        var sum = ClientStatistics()
        for loop in loops { sum += await loop.statistics }
        sum.timeAtCeiling = timeAtCeiling
        return sum
    }

    /// For how long requests had to wait because of `maximumRequestsPerSecond`, so far.
    public var timeAtCeiling: Duration { pacer?.timeHeld ?? .zero }
}
