internal import NIOCore

/// The connections to one origin on one event loop: the shell around ``ConnectionPoolStateMachine`` and ``RouteTable``.
///
/// It is used on its event loop only, by ``ConnectionLoop``, and so locks nothing.
final class ConnectionPool {
    /// A caller, by the number that its request has on this event loop.
    typealias Ticket = Int
    typealias Machine = ConnectionPoolStateMachine<Ticket>

    /// What a caller who waited is woken with.
    enum Wake {
        case use(Machine.ConnectionID)
        case dial(Machine.ConnectionID)
    }

    /// A connection that a caller has to itself until it is released.
    struct Lease {
        fileprivate let id: Machine.ConnectionID
        let connection: HTTPConnection
        fileprivate let ticket: Ticket
        /// Whether it was used before: its peer may then have closed it without this being known yet.
        let isReused: Bool
    }

    var machine: Machine
    var routes = RouteTable<TransportAddress>()
    /// The route that is to have a connection less.
    private var surplusRoute: RouteTable<TransportAddress>.RouteID?
    /// Which of the name's addresses the table of routes knows.
    var addressesVersion: Int?
    private var connections: [Machine.ConnectionID: HTTPConnection] = [:]
    private var waiting: [Ticket: CheckedContinuation<Wake, any Error>] = [:]
    /// What became of callers who are queued and do not wait yet: the way there can lead through the event loop's queue.
    private var wokenEarly: [Ticket: Result<Wake, any Error>] = [:]
    private var busy: [Ticket: HTTPConnection] = [:]
    var opening: [Ticket: HTTPConnection] = [:]
    let origin: ConnectionOrigin
    let connector: Connector
    let eventLoop: any EventLoop
    private let start = NIODeadline.now()
    /// Asks for an idle connection of another pool to be closed; tells whether one was.
    let makeRoom: () -> Bool

    var counts = ConnectionStatistics()
    /// The way on which the machine refused a connection last.
    var refusedRoute: Route<TransportAddress>?
    /// Whether the user was told that the machine lacks something.
    var hasToldOfShortage = false
    /// Whether the origin has answered anything yet.
    private(set) var hasAnswered = false

    init(
        origin: ConnectionOrigin,
        connector: Connector,
        eventLoop: any EventLoop,
        maximumConnections: Int,
        connectionsAtFirst: Int?,
        makeRoom: @escaping () -> Bool
    ) {
        self.origin = origin
        self.connector = connector
        self.eventLoop = eventLoop
        self.makeRoom = makeRoom
        machine = Machine(maximumConnections: maximumConnections, atFirst: connectionsAtFirst)
    }

    /// Takes an idle connection, opens one, or waits for one to come free.
    ///
    /// - Throws: ``S3ClientError``: what opening failed with, or `cancelled`.
    func lease(_ ticket: Ticket) async throws -> Lease {
        switch machine.acquire(ticket) {
        case .use(let id): return lease(id, for: ticket)
        case .dial(let id): return try await dial(id, for: ticket)
        case .fail: throw Self.shutDownError
        case .wait: return try await wait(ticket)
        }
    }

    /// Gives a connection back after its answer or its failure.
    func release(_ lease: Lease) {
        let connection = lease.connection
        busy[lease.ticket] = nil
        if connection.answersReceived > 0 { hasAnswered = true }
        let isSurplus = surplusRoute.map { $0 == connection.route } ?? false
        let (action, wake) = machine.release(lease.id, isReusable: connection.isReusable && !isSurplus)
        if action == .close {
            if isSurplus { surplusRoute = nil }
            let end: ConnectionEnd =
                if !connection.isReusable { connection.endAfterAnswer } else { isSurplus ? .moved : .finished }
            connection.close(end)
            remove(lease.id)
        }
        carryOut(wake)
    }

    /// A request met a connection that its peer had just closed, and is sent again.
    func noteStaleConnection() {
        counts.sentAgainAfterStaleConnection += 1
    }

    /// A caller no longer wants its connection or its answer.
    func cancel(_ ticket: Ticket) {
        if let connection = busy[ticket] ?? opening[ticket] {
            connection.cancel(Self.cancelledError)
        } else if machine.cancel(ticket) {
            wake(ticket, .failure(Self.cancelledError))
        }
    }

    /// Time has passed; requests that take too long fail, names are looked up again, and somebody may try what failed.
    func advance(by elapsed: Duration) {
        for connection in connections.values { connection.advance(by: elapsed) }
        for connection in opening.values { connection.advance(by: elapsed) }
        for wake in machine.advance(to: now) { carryOut(wake) }
        guard addressesVersion != nil, !machine.isShutDown else { return }
        if let answer = connector.names.knownAddresses(of: origin, on: eventLoop) { try? know(answer) }
        moveOne()
    }

    /// Closes the connection that was idle longest, if there is one: another pool needs what it holds.
    func yieldIdleConnection() -> Bool {
        guard let id = machine.takeOldestIdle() else { return false }
        close(id, .yielded)
        return true
    }

    /// Closes every connection; those who wait for one or for an answer fail.
    func shutDown() {
        let (waiters, idle) = machine.shutDown()
        for ticket in waiters { wake(ticket, .failure(Self.shutDownError)) }
        for id in idle { close(id, .finished) }
        for connection in busy.values { connection.cancel(Self.shutDownError, .finished) }
        for connection in opening.values { connection.cancel(Self.shutDownError, .finished) }
    }

    // MARK: Parts

    static let cancelledError = S3ClientError(code: .cancelled, message: "the request was cancelled")
    static let shutDownError = S3ClientError(code: .cancelled, message: "the client was shut down")

    /// The time that the state machines know.
    var now: Duration { .nanoseconds((NIODeadline.now() - start).nanoseconds) }
    /// The connections that are open.
    var openConnections: some Collection<HTTPConnection> { connections.values }

    func lease(_ id: Machine.ConnectionID, for ticket: Ticket) -> Lease {
        guard let connection = connections[id] else { preconditionFailure("connection \(id) is in the pool") }
        busy[ticket] = connection
        counts.highestInUse = max(counts.highestInUse, busy.count)
        return Lease(id: id, connection: connection, ticket: ticket, isReused: connection.answersReceived > 0)
    }

    func wait(_ ticket: Ticket) async throws -> Lease {
        let wake = try await withCheckedThrowingContinuation { continuation in
            if let result = wokenEarly.removeValue(forKey: ticket) {
                continuation.resume(with: result)
            } else {
                waiting[ticket] = continuation
            }
        }
        switch wake {
        case .use(let id): return lease(id, for: ticket)
        case .dial(let id): return try await dial(id, for: ticket)
        }
    }

    /// A connection was opened, and is its caller's.
    func add(_ connection: HTTPConnection, as id: Machine.ConnectionID) {
        machine.dialSucceeded(id)
        connections[id] = connection
        connection.onIdleClose = { [unowned self] in closedWhileIdle(id) }
        counts.highestOpen = max(counts.highestOpen, connections.count)
    }

    /// Tells one who waits, or is about to, what became of it.
    func wake(_ ticket: Ticket, _ result: Result<Wake, any Error>) {
        if let continuation = waiting.removeValue(forKey: ticket) {
            continuation.resume(with: result)
        } else {
            wokenEarly[ticket] = result
        }
    }

    func carryOut(_ wake: Machine.WakeAction) {
        switch wake {
        case .none: break
        case .use(let ticket, let id): self.wake(ticket, .success(.use(id)))
        case .dial(let ticket, let id): self.wake(ticket, .success(.dial(id)))
        case .fail: preconditionFailure("who waits in vain is told by whoever knows the error")
        }
    }

    /// Closes a connection of a route that has too many, at most one each time, when it is idle or as soon as it is.
    private func moveOne() {
        surplusRoute = routes.surplus(at: now)
        guard let surplusRoute else { return }
        for (id, connection) in connections where connection.route == surplusRoute && machine.closed(id) {
            close(id, .moved)
            self.surplusRoute = nil
            return
        }
    }

    private func closedWhileIdle(_ id: Machine.ConnectionID) {
        if machine.closed(id) { remove(id) }
    }

    private func close(_ id: Machine.ConnectionID, _ end: ConnectionEnd) {
        connections[id]?.close(end)
        remove(id)
    }

    private func remove(_ id: Machine.ConnectionID) {
        guard let connection = connections.removeValue(forKey: id) else { return }
        connection.onIdleClose = nil
        guard let end = connection.end else { preconditionFailure("connection \(id) has ended, and leaves the pool") }
        routes.closed(connection.route, end, requests: connection.answersReceived)
    }
}
