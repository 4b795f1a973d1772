private import Glibc
internal import NIOCore
internal import S3Protocol

/// One event loop of a client with the connections that live on it.
///
/// The loop is the actor's executor. A task that runs isolated to it, as in ``S3Client/withConnectionLoop(_:_:)``, sends
/// requests and gets their answers without ever changing threads; any other task may call too, at the price of a hop.
public actor ConnectionLoop {
    nonisolated let eventLoop: any EventLoop
    nonisolated let executor: EventLoopExecutor

    private let connector: Connector
    private let maximumConnections: Int
    private let connectionsAtFirst: Int?
    private let pacer: RequestPacer?
    private var pools: [ConnectionOrigin: ConnectionPool] = [:]
    private var encoder: RequestEncoder
    /// The bytes of the request being written; kept, so that writing allocates nothing.
    private var scratch: [UInt8] = []
    /// Requests sent, by the operation's number.
    private var requestCounts = [Int](repeating: 0, count: S3Operation.allCases.count)
    private var retries = 0
    private var requestsInFlight = 0
    private var wakeModeration = WakeModeration()
    private var nextTicket = 0
    private var ticker: RepeatedTask?
    private var isShutDown = false

    /// How often a request may meet stale connections in a row before that counts as a failure.
    private static let staleConnectionsAllowed = 8
    private static let largestBufferKept = 64 * 1024
    private static let tick = Duration.seconds(1)

    init(
        eventLoop: any EventLoop,
        connector: Connector,
        maximumConnections: Int,
        connectionsAtFirst: Int?,
        userAgent: String,
        pacer: RequestPacer?
    ) {
        self.eventLoop = eventLoop
        self.executor = EventLoopExecutor(eventLoop)
        self.connector = connector
        self.maximumConnections = maximumConnections
        self.connectionsAtFirst = connectionsAtFirst
        self.pacer = pacer
        self.encoder = RequestEncoder(userAgent: userAgent)
    }

    /// The event loop itself.
    public nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// Sends one request and waits for its whole answer.
    ///
    /// A request that meets a connection which the peer has closed meanwhile, so that not a byte of an answer came, is
    /// sent again on another one; that is no failure of the request.
    ///
    /// - Throws: ``S3ClientError``.
    func send(
        _ request: S3Request,
        to target: RequestTarget,
        credentials: Credentials?,
        clockOffset: Duration,
        sink: ResponseSink,
        patience: AnswerPatience
    ) async throws -> HTTPAnswer {
        let pool = pool(for: target.origin(for: request.bucket))
        let ticket = nextTicket
        nextTicket += 1
        return try await withTaskCancellationHandler {
            var staleConnections = 0
            while true {
                try Self.checkCancellation()
                // Each time that it is sent counts. Its turn comes before its connection: one that is held while a
                // request waits may be closed by the peer meanwhile, and a slow job needs few.
                var place = try await pacer?.enter()
                defer { if let place { pacer?.leave(place) } }
                let lease = try await pool.lease(ticket)
                defer { pool.release(lease) }
                while let pacer, let turn = place {
                    place = pacer.depart(turn)
                    if place != nil { break }
                    place = try await pacer.enter(ahead: true)
                }
                // While it waited or dialled, there was no connection yet that a cancellation could have been told.
                try Self.checkCancellation()
                // What one large request needed is not kept for the small ones after it.
                scratch.removeAll(keepingCapacity: scratch.capacity <= Self.largestBufferKept)
                encoder.encode(
                    request,
                    to: target,
                    credentials: credentials,
                    at: UTCTime.now.advanced(by: clockOffset),
                    into: &scratch
                )
                lease.connection.prepare(scratch)
                if staleConnections == 0 { requestCounts[request.operation.rawValue] += 1 }
                do {
                    let sent = NIODeadline.now()
                    requestsInFlight += 1
                    defer {
                        requestsInFlight -= 1
                        moderateWakeUps(answeredAfter: .now() - sent)
                    }
                    return try await lease.connection.send(
                        expecting: sink,
                        toHead: request.method == .head,
                        patience: patience
                    )
                } catch let error as S3ClientError
                    where error.code == .connectionClosed && lease.isReused && !lease.connection.hasAnswerBegun
                    && staleConnections < Self.staleConnectionsAllowed
                {
                    staleConnections += 1
                    pool.noteStaleConnection()
                }
            }
        } onCancel: {
            eventLoop.execute { self.assumeIsolated { $0.cancel(ticket) } }
        }
    }

    /// Whether the origin of a bucket has ever answered on this event loop.
    func hasAnswered(_ target: RequestTarget, bucket: BucketName?) -> Bool {
        pools[target.origin(for: bucket)]?.hasAnswered ?? false
    }

    /// A request is sent again after a failure.
    func countRetry() {
        retries += 1
    }

    /// What was sent from this event loop.
    var statistics: ClientStatistics {
        var statistics = ClientStatistics()
        for operation in S3Operation.allCases where requestCounts[operation.rawValue] > 0 {
            statistics.requests[operation] = requestCounts[operation.rawValue]
        }
        statistics.retries = retries
        for pool in pools.values { statistics.connections += pool.statistics }
        return statistics
    }

    /// The connections that are open now.
    var openConnections: [OpenConnection] { pools.values.flatMap(\.open) }

    /// The addresses of an origin.
    ///
    /// - Throws: ``S3ClientError`` with the code `nameLookup`.
    func addresses(of origin: ConnectionOrigin) async throws -> [String] {
        let answer = try await connector.names.addresses(of: origin, on: eventLoop)
        return answer.addresses.map { TransportAddress($0).description }
    }

    /// Closes every connection; requests under way fail with ``S3ClientError/Code/cancelled``.
    func shutDown() {
        isShutDown = true
        ticker?.cancel()
        ticker = nil
        for pool in pools.values { pool.shutDown() }
    }

    private static func checkCancellation() throws(S3ClientError) {
        if Task.isCancelled { throw S3ClientError(code: .cancelled, message: "the request was cancelled") }
    }

    private func cancel(_ ticket: ConnectionPool.Ticket) {
        for pool in pools.values { pool.cancel(ticket) }
    }

    private func pool(for origin: ConnectionOrigin) -> ConnectionPool {
        if let pool = pools[origin] { return pool }
        let pool = ConnectionPool(
            origin: origin,
            connector: connector,
            eventLoop: eventLoop,
            maximumConnections: maximumConnections,
            connectionsAtFirst: connectionsAtFirst,
            makeRoom: { [unowned self] in self.assumeIsolated { $0.closeIdleConnection() } }
        )
        if isShutDown { pool.shutDown() }
        pools[origin] = pool
        if ticker == nil, !isShutDown { startTicking() }
        return pool
    }

    /// Closes a connection that is idle in any pool, for what it holds.
    private func closeIdleConnection() -> Bool {
        pools.values.contains { $0.yieldIdleConnection() }
    }

    /// Has the loop pause, where that is worth while, when all answers that it found together have been dealt with.
    ///
    /// NIO handles all that it found ready before it runs any task, and tasks in the order in which they came: by the
    /// time this one runs, every copier that was answered has its next request on the way.
    private func moderateWakeUps(answeredAfter latency: TimeAmount) {
        guard wakeModeration.answered(after: latency) else { return }
        eventLoop.execute { self.assumeIsolated { $0.pauseForMoreAnswers() } }
    }

    /// Blocks the thread of the loop for at most half a millisecond, with nothing left to do on it.
    ///
    /// It has to be the thread: a timer of the event loop would not keep `epoll_wait` from returning with each answer.
    private func pauseForMoreAnswers() {
        guard let pause = wakeModeration.pause(inFlight: requestsInFlight, at: .now()) else { return }
        usleep(UInt32(pause.nanoseconds / 1000))
        wakeModeration.looks(at: .now())
    }

    private func startTicking() {
        let interval = TimeAmount.seconds(Self.tick.components.seconds)
        ticker = eventLoop.scheduleRepeatedTask(initialDelay: interval, delay: interval) { [weak self] _ in
            self?.assumeIsolated { loop in
                loop.connector.reserve.giveUpIfLast()
                for pool in loop.pools.values { pool.advance(by: Self.tick) }
            }
        }
    }
}

extension RequestTarget {
    /// What connections for a bucket lead to.
    func origin(for bucket: BucketName?) -> ConnectionOrigin {
        ConnectionOrigin(host: host(for: bucket), port: endpoint.port, usesTLS: endpoint.scheme == .https)
    }
}
