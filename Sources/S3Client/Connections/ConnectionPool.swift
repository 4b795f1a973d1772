internal import NIOCore

/// The connections to one origin on one event loop: the shell around ``ConnectionPoolStateMachine``.
///
/// It is used on its event loop only, by ``ConnectionLoop``, and so locks nothing.
final class ConnectionPool {
    /// A caller, by the number that its request has on this event loop.
    typealias Ticket = Int
    private typealias Machine = ConnectionPoolStateMachine<Ticket>

    /// What a caller who waited is woken with.
    private enum Wake {
        case use(Machine.ConnectionID)
        case dial(Machine.ConnectionID)
    }

    /// A connection that a caller has to itself until it is released.
    struct Lease {
        fileprivate let id: ConnectionPoolStateMachine<Ticket>.ConnectionID
        let connection: HTTPConnection
        fileprivate let ticket: Ticket
        /// Whether it was used before: its peer may then have closed it without this being known yet.
        let isReused: Bool
    }

    private var machine: Machine
    private var connections: [Machine.ConnectionID: HTTPConnection] = [:]
    private var waiting: [Ticket: CheckedContinuation<Wake, any Error>] = [:]
    private var busy: [Ticket: HTTPConnection] = [:]
    private var opening: [Ticket: HTTPConnection] = [:]
    private let origin: ConnectionOrigin
    private let connector: Connector
    private let eventLoop: any EventLoop

    private(set) var statistics = ConnectionStatistics()
    /// Whether the origin has answered anything yet.
    private(set) var hasAnswered = false

    init(origin: ConnectionOrigin, connector: Connector, eventLoop: any EventLoop, maximumConnections: Int) {
        self.origin = origin
        self.connector = connector
        self.eventLoop = eventLoop
        machine = Machine(maximumConnections: maximumConnections)
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
        busy[lease.ticket] = nil
        if lease.connection.answersReceived > 0 { hasAnswered = true }
        let (action, wake) = machine.release(lease.id, isReusable: lease.connection.isReusable)
        if action == .close {
            remove(lease.id)
            lease.connection.close()
        }
        carryOut(wake)
    }

    /// A request met a connection that its peer had just closed, and is sent again.
    func noteStaleConnection() {
        statistics.sentAgainAfterStaleConnection += 1
    }

    /// A caller no longer wants its connection or its answer.
    func cancel(_ ticket: Ticket) {
        if let connection = busy[ticket] ?? opening[ticket] {
            connection.cancel(Self.cancelledError)
        } else if machine.cancel(ticket) {
            waiting.removeValue(forKey: ticket)?.resume(throwing: Self.cancelledError)
        }
    }

    /// Time has passed; requests whose connection was silent for too long fail.
    func advance(by elapsed: Duration) {
        for connection in connections.values { connection.advance(by: elapsed) }
        for connection in opening.values { connection.advance(by: elapsed) }
    }

    /// Closes every connection; those who wait for one or for an answer fail.
    func shutDown() {
        let (waiters, idle) = machine.shutDown()
        for ticket in waiters { waiting.removeValue(forKey: ticket)?.resume(throwing: Self.shutDownError) }
        for id in idle {
            let connection = connections[id]
            remove(id)
            connection?.close()
        }
        for connection in busy.values { connection.cancel(Self.shutDownError) }
        for connection in opening.values { connection.cancel(Self.shutDownError) }
    }

    // MARK: Parts

    private static let cancelledError = S3ClientError(code: .cancelled, message: "the request was cancelled")
    private static let shutDownError = S3ClientError(code: .cancelled, message: "the client was shut down")

    private func lease(_ id: Machine.ConnectionID, for ticket: Ticket) -> Lease {
        guard let connection = connections[id] else { preconditionFailure("connection \(id) is in the pool") }
        busy[ticket] = connection
        statistics.highestInUse = max(statistics.highestInUse, busy.count)
        return Lease(id: id, connection: connection, ticket: ticket, isReused: connection.answersReceived > 0)
    }

    private func wait(_ ticket: Ticket) async throws -> Lease {
        switch try await withCheckedThrowingContinuation({ waiting[ticket] = $0 }) {
        case .use(let id): return lease(id, for: ticket)
        case .dial(let id): return try await dial(id, for: ticket)
        }
    }

    private func dial(_ id: Machine.ConnectionID, for ticket: Ticket) async throws -> Lease {
        let connection: HTTPConnection
        do {
            defer { opening[ticket] = nil }
            connection = try await connector.connect(to: origin, on: eventLoop) { opening[ticket] = $0 }
        } catch {
            statistics.failedToOpen += 1
            let isCancelled = (error as? S3ClientError)?.code == .cancelled
            let (action, wake) = machine.dialFailed(id, by: ticket, canWait: !isCancelled)
            carryOut(wake)
            switch action {
            case .fail: throw error
            case .use(let id): return lease(id, for: ticket)
            case .wait: return try await wait(ticket)
            }
        }
        statistics.opened += 1
        machine.dialSucceeded(id)
        connections[id] = connection
        connection.onIdleClose = { [unowned self] in closedWhileIdle(id) }
        statistics.highestOpen = max(statistics.highestOpen, connections.count)
        let lease = lease(id, for: ticket)
        guard !machine.isShutDown else {
            release(lease)
            throw Self.shutDownError
        }
        return lease
    }

    private func closedWhileIdle(_ id: Machine.ConnectionID) {
        if machine.closed(id) { remove(id) }
    }

    private func remove(_ id: Machine.ConnectionID) {
        guard let connection = connections.removeValue(forKey: id) else { return }
        connection.onIdleClose = nil
        if connection.closedByPeer { statistics.closedByPeer += 1 } else { statistics.closedByClient += 1 }
    }

    private func carryOut(_ wake: Machine.WakeAction) {
        switch wake {
        case .none: break
        case .use(let ticket, let id): waiting.removeValue(forKey: ticket)?.resume(returning: .use(id))
        case .dial(let ticket, let id): waiting.removeValue(forKey: ticket)?.resume(returning: .dial(id))
        }
    }
}
