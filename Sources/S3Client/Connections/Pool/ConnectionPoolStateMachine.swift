internal import DequeModule

/// The bookkeeping of the connections to one origin on one event loop: which are idle, how many may yet be opened, and
/// who waits.
///
/// Idle connections are kept however many they are, and the one used last is used first. A caller who finds none dials
/// itself, so that nothing is opened that nobody asked for; one who may not is queued, and is handed the next
/// connection that comes free, or the leave to dial in place of one that closed.
///
/// Where the machine has no descriptor, local port or memory for another connection, the pool makes do with those it has
/// (``ConnectionShortage``), and fails those who wait only when it had none at all for a stated time.
struct ConnectionPoolStateMachine<Waiter: Hashable> {
    /// A connection's number, unique in its pool.
    typealias ConnectionID = Int

    /// What a caller is to do who wants a connection.
    enum AcquireAction: Equatable {
        /// Use this idle connection.
        case use(ConnectionID)
        /// Open one, and tell ``dialSucceeded(_:)`` or ``dialFailed(_:by:canWait:)``.
        case dial(ConnectionID)
        /// Wait to be woken.
        case wait
        /// The pool is shut down.
        case fail
    }

    /// What one is to do whose connection could not be opened.
    enum DialFailedAction: Equatable {
        /// Report the failure.
        case fail
        /// Use this idle connection.
        case use(ConnectionID)
        /// Wait to be woken.
        case wait
    }

    /// What to tell one who waits.
    enum WakeAction: Equatable {
        case none
        /// This connection is the waiter's.
        case use(Waiter, ConnectionID)
        /// The waiter may open one.
        case dial(Waiter, ConnectionID)
        /// These have waited in vain: no connection could be had for too long.
        case fail([Waiter])
    }

    /// What to do with a connection that has done its work.
    enum ReleaseAction: Equatable {
        /// Leave it open.
        case park
        /// Close it.
        case close
    }

    private let maximumConnections: Int
    private var idle: [ConnectionID] = []
    private var leased: Set<ConnectionID> = []
    private var dialing: Set<ConnectionID> = []
    private var waiters: Deque<Waiter> = []
    private var nextID = 0
    /// What keeps the pool from opening as many as it may; `nil` while nothing does.
    private(set) var shortage: ConnectionShortage?
    /// Whether no connection is given out any more.
    private(set) var isShutDown = false

    /// Creates an empty pool.
    ///
    /// - Parameters:
    ///   - maximumConnections: How many connections may be open or opening at once, at least 1.
    ///   - atFirst: How many before ``ConnectionShortage/timeWait`` is over, where it is known that the machine lacks
    ///     local ports until then.
    init(maximumConnections: Int, atFirst: Int? = nil) {
        precondition(maximumConnections >= 1, "a pool has room for a connection")
        self.maximumConnections = maximumConnections
        if let atFirst, atFirst < maximumConnections { shortage = ConnectionShortage(ofPorts: atFirst) }
    }

    /// Connections that are open or opening.
    var connectionCount: Int { idle.count + leased.count + dialing.count }
    /// Callers who wait.
    var waiterCount: Int { waiters.count }
    /// How many connections may be open or opening now.
    var ceiling: Int { shortage?.ceiling ?? maximumConnections }

    /// A caller wants a connection; where the answer is ``AcquireAction/wait``, `waiter` is queued.
    mutating func acquire(_ waiter: Waiter) -> AcquireAction {
        guard !isShutDown else { return .fail }
        if let id = idle.popLast() {
            leased.insert(id)
            return .use(id)
        }
        guard connectionCount < ceiling else {
            waiters.append(waiter)
            return .wait
        }
        return .dial(startDial())
    }

    /// A connection was opened; whoever dialled has it.
    mutating func dialSucceeded(_ id: ConnectionID) {
        guard dialing.remove(id) != nil else { preconditionFailure("connection \(id) was not being opened") }
        leased.insert(id)
        shortage?.connectionOpened()
    }

    /// A connection could not be opened.
    ///
    /// While others are open, whoever dialled waits for one of those: what is missing may be a local port, a descriptor
    /// or room at the server, and is no reason to fail. Without any, the place goes to the next who waits.
    ///
    /// - Parameters:
    ///   - id: The connection that was being opened.
    ///   - waiter: Whoever dialled.
    ///   - canWait: Whether that one still wants a connection.
    /// - Returns: What whoever dialled is to do, and whom to wake.
    mutating func dialFailed(
        _ id: ConnectionID,
        by waiter: Waiter,
        canWait: Bool = true
    ) -> (DialFailedAction, WakeAction) {
        guard dialing.remove(id) != nil else { preconditionFailure("connection \(id) was not being opened") }
        guard canWait, !isShutDown, !(leased.isEmpty && idle.isEmpty) else { return (.fail, letNextWaiterDial()) }
        if let idleID = idle.popLast() {
            leased.insert(idleID)
            return (.use(idleID), .none)
        }
        waiters.append(waiter)
        return (.wait, .none)
    }

    /// A connection has done its work.
    ///
    /// - Parameters:
    ///   - id: The connection.
    ///   - isReusable: Whether it can carry another request.
    /// - Returns: What becomes of the connection, and who is woken.
    mutating func release(_ id: ConnectionID, isReusable: Bool) -> (ReleaseAction, WakeAction) {
        guard leased.remove(id) != nil else { preconditionFailure("connection \(id) was not in use") }
        guard isReusable, !isShutDown else { return (.close, letNextWaiterDial()) }
        if let waiter = waiters.popFirst() {
            leased.insert(id)
            return (.park, .use(waiter, id))
        }
        idle.append(id)
        return (.park, .none)
    }

    /// A connection could not be opened since the machine has no descriptor, local port or memory for it.
    ///
    /// The pool's ceiling falls to what it has. Whoever dialled waits, even where nothing is open: what is missing may be
    /// back in a moment, and ``advance(to:)`` has somebody try.
    ///
    /// - Parameters:
    ///   - id: The connection that was being opened.
    ///   - waiter: Whoever dialled.
    ///   - canWait: Whether that one still wants a connection.
    ///   - patience: For how long the pool may be without any connection before those who wait fail.
    ///   - now: The time, since any moment that stays the same.
    /// - Returns: What whoever dialled is to do, and whom to wake: where patience is over, all fail.
    mutating func dialFellShort(
        _ id: ConnectionID,
        by waiter: Waiter,
        canWait: Bool,
        patience: Duration,
        at now: Duration
    ) -> (DialFailedAction, WakeAction) {
        guard dialing.remove(id) != nil else { preconditionFailure("connection \(id) was not being opened") }
        guard !isShutDown else { return (.fail, .none) }
        var felt = shortage ?? ConnectionShortage()
        felt.felt(connections: connectionCount, at: now)
        shortage = felt
        if let since = felt.withoutConnectionSince, now - since >= patience {
            defer { waiters = [] }
            return (.fail, .fail(Array(waiters)))
        }
        guard canWait else { return (.fail, .none) }
        if let idleID = idle.popLast() {
            leased.insert(idleID)
            return (.use(idleID), .none)
        }
        waiters.append(waiter)
        return (.wait, .none)
    }

    /// Time has passed; during a shortage, some who wait may try to open a connection after all.
    ///
    /// - Parameter now: The time, since the same moment.
    /// - Returns: Whom to wake.
    mutating func advance(to now: Duration) -> [WakeAction] {
        guard shortage?.isDue(at: now) == true, !isShutDown else { return [] }
        shortage?.relax(at: now, maximum: maximumConnections)
        // While there has been no connection since, patience runs on.
        if ceiling >= maximumConnections, shortage?.withoutConnectionSince == nil { shortage = nil }
        var wakes: [WakeAction] = []
        while connectionCount < ceiling, let waiter = waiters.popFirst() { wakes.append(.dial(waiter, startDial())) }
        return wakes
    }

    /// A connection was closed by its peer, or is to be closed if it is idle.
    ///
    /// - Returns: Whether it was idle; one that is in use leaves the pool when its user releases it.
    mutating func closed(_ id: ConnectionID) -> Bool {
        guard let index = idle.lastIndex(of: id) else { return false }
        idle.remove(at: index)
        return true
    }

    /// A waiter will wait no longer.
    ///
    /// - Returns: Whether it was still queued; if not, it was woken already.
    mutating func cancel(_ waiter: Waiter) -> Bool {
        guard let index = waiters.firstIndex(of: waiter) else { return false }
        waiters.remove(at: index)
        return true
    }

    /// An idle connection is to be closed, to make room elsewhere.
    ///
    /// - Returns: The one that was idle longest; `nil` where all are in use.
    mutating func takeOldestIdle() -> ConnectionID? {
        idle.isEmpty ? nil : idle.removeFirst()
    }

    /// No connection is given out any more.
    ///
    /// - Returns: Those who wait in vain, and the idle connections, which are to be closed.
    mutating func shutDown() -> (waiters: [Waiter], connections: [ConnectionID]) {
        isShutDown = true
        defer {
            waiters = []
            idle = []
        }
        return (Array(waiters), idle)
    }

    private mutating func startDial() -> ConnectionID {
        defer { nextID += 1 }
        dialing.insert(nextID)
        return nextID
    }

    private mutating func letNextWaiterDial() -> WakeAction {
        guard !isShutDown, connectionCount < ceiling, let waiter = waiters.popFirst() else { return .none }
        return .dial(waiter, startDial())
    }
}
