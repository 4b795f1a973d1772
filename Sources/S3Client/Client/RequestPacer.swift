internal import DequeModule
internal import FlowControl
internal import NIOCore
internal import Synchronization

/// Holds requests back so that no second sees more of them than a ceiling allows: the shell around `RequestCeiling`.
///
/// Requests go in the order in which they came. While any waits, a timer of an event loop looks every two milliseconds
/// whose turn it is.
final class RequestPacer: Sendable {
    private typealias Waiter = CheckedContinuation<RequestCeiling.Place?, Never>

    private struct State {
        var ceiling: RequestCeiling
        var waiters: Deque<(number: Int, waiter: Waiter)> = []
        var nextNumber = 0
        var isTicking = false
        var isClosed = false
        var heldSince: Duration?
        var timeHeld = Duration.zero
    }

    private static let tick = TimeAmount.milliseconds(2)

    private let state: Mutex<State>
    private let eventLoop: any EventLoop
    private let start = ContinuousClock.now

    /// Creates a pacer.
    ///
    /// - Parameters:
    ///   - perSecond: The most requests within any second, at least 1.
    ///   - eventLoop: Whose timer it uses.
    init(perSecond: Int, eventLoop: any EventLoop) {
        self.eventLoop = eventLoop
        state = Mutex(State(ceiling: RequestCeiling(perSecond: perSecond, at: .zero)))
    }

    /// For how long requests had to wait so far.
    var timeHeld: Duration {
        state.withLock { state in state.timeHeld + (state.heldSince.map { now - $0 } ?? .zero) }
    }

    /// Waits until it is a request's turn; ``depart(_:)`` has to be told when it is sent, ``leave(_:)`` when it is over.
    ///
    /// - Parameter isAhead: Whether it goes before all others, since it had its turn and let it pass.
    /// - Returns: Its place.
    /// - Throws: ``S3ClientError`` with the code `cancelled`.
    func enter(ahead isAhead: Bool = false) async throws(S3ClientError) -> RequestCeiling.Place {
        let number = state.withLock { state in
            defer { state.nextNumber += 1 }
            return state.nextNumber
        }
        let place = await withTaskCancellationHandler {
            await withCheckedContinuation { waiter in
                enqueue(waiter, number, ahead: isAhead)
            }
        } onCancel: {
            remove(number)?.resume(returning: nil)
        }
        guard let place else { throw S3ClientError(code: .cancelled, message: "the request was cancelled") }
        return place
    }

    /// A request is sent.
    ///
    /// - Returns: Its place from now on; `nil` if it has let its turn pass for so long that it has none any more.
    func depart(_ place: RequestCeiling.Place) -> RequestCeiling.Place? {
        state.withLock { $0.ceiling.sent(place, at: now) }
    }

    /// A request was answered, or has failed.
    func leave(_ place: RequestCeiling.Place) {
        state.withLock { $0.ceiling.ended(place, at: now) }
    }

    /// Lets nobody pass any more; who waits fails.
    func close() {
        let waiters = state.withLock { state in
            state.isClosed = true
            defer { state.waiters = [] }
            return state.waiters
        }
        for (_, waiter) in waiters { waiter.resume(returning: nil) }
    }

    private var now: Duration { ContinuousClock.now - start }

    private func enqueue(_ waiter: Waiter, _ number: Int, ahead isAhead: Bool) {
        var isToTick = false
        let place: RequestCeiling.Place?? = state.withLock { state in
            if state.isClosed || Task.isCancelled { return .some(nil) }
            if isAhead || state.waiters.isEmpty, let place = state.ceiling.take(at: now) { return place }
            state.heldSince = state.heldSince ?? now
            if isAhead { state.waiters.prepend((number, waiter)) } else { state.waiters.append((number, waiter)) }
            isToTick = !state.isTicking
            state.isTicking = true
            return nil
        }
        if let place { waiter.resume(returning: place) }
        if isToTick { scheduleTick() }
    }

    private func remove(_ number: Int) -> Waiter? {
        state.withLock { state in
            guard let index = state.waiters.firstIndex(where: { $0.number == number }) else { return nil }
            return state.waiters.remove(at: index).waiter
        }
    }

    private func scheduleTick() {
        eventLoop.scheduleTask(in: Self.tick) { [self] in
            var released: [(Waiter, RequestCeiling.Place)] = []
            let goesOn = state.withLock { state in
                let now = now
                while let first = state.waiters.first, let place = state.ceiling.take(at: now) {
                    released.append((first.waiter, place))
                    state.waiters.removeFirst()
                }
                if state.waiters.isEmpty, let since = state.heldSince {
                    state.timeHeld += now - since
                    state.heldSince = nil
                }
                state.isTicking = !state.waiters.isEmpty
                return state.isTicking
            }
            for (waiter, place) in released { waiter.resume(returning: place) }
            if goesOn { scheduleTick() }
        }
    }
}
