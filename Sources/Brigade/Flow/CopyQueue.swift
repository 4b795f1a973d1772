internal import FlowControl
internal import S3Protocol
private import Synchronization

/// The way from what is listed to the copiers, with leave for each object: the shell around `CopyScheduler`.
final class CopyQueue: Sendable {
    /// A copier's turn at an object.
    struct Turn: Sendable {
        fileprivate let ticket: CopyScheduler.Ticket
        fileprivate let batch: ScheduledBatch

        /// The object that the copier has to deal with.
        var item: CopyItem { batch.items[ticket.index] }

        /// Which attempt this is, counted from 1.
        var attempt: Int { ticket.attempt }
    }

    private typealias Copier = CheckedContinuation<Turn?, Never>

    /// What there is for a copier who found nothing to do.
    private enum Place {
        case nobody
        case waits(Copier)
        /// It was woken before it could wait.
        case woken(with: Turn?)
    }

    private struct State {
        var scheduler: CopyScheduler
        var copiers: [Place]
        var producers: [Int: CheckedContinuation<Bool, Never>] = [:]
        var nextProducer = 0
        var timekeeper: CheckedContinuation<Duration?, Never>?

        func turn(_ ticket: CopyScheduler.Ticket) -> Turn {
            guard let batch = scheduler.batch(ticket.batch) else {
                preconditionFailure("a batch stays until all of its objects are done with")
            }
            return Turn(ticket: ticket, batch: unsafeDowncast(batch, to: ScheduledBatch.self))
        }
    }

    /// The timer looks again after so long at the latest, so that whatever turns up meanwhile is late by no more.
    private static let longestSleep = Duration.milliseconds(10)
    /// Less is not slept.
    private static let shortestSleep = Duration.milliseconds(1)

    private let state: Mutex<State>
    private let start: ContinuousClock.Instant

    /// Creates an empty queue for as many copiers as the configuration allows requests.
    init(_ configuration: CopyScheduler.Configuration) {
        start = .now
        state = Mutex(
            State(
                scheduler: CopyScheduler(configuration, at: .zero),
                copiers: Array(repeating: .nobody, count: configuration.concurrency)
            )
        )
    }

    /// What pacing did so far.
    var figures: FlowFigures { state.withLock { $0.scheduler.figures(at: now) } }

    private var now: Duration { .now - start }

    // MARK: Producers

    /// Puts a batch in, once there is room.
    ///
    /// - Returns: Whether it was taken: false once the queue was discarded.
    func put(_ batch: CopyBatch) async -> Bool {
        await withCheckedContinuation { producer in
            let (isTaken, wake) = state.withLock { state -> (Bool?, Wake) in
                let number = state.nextProducer
                state.nextProducer += 1
                let (put, wakes) = state.scheduler.put(ScheduledBatch(batch), by: number, at: now)
                if case .wait = put { state.producers[number] = producer }
                let isTaken: Bool? =
                    switch put {
                    case .accepted: true
                    case .refused: false
                    case .wait: nil
                    }
                return (isTaken, Wake(wakes, &state))
            }
            wake()
            if let isTaken { producer.resume(returning: isTaken) }
        }
    }

    /// No more batches will come; what is queued is still given out.
    func finish() {
        state.withLock { Wake($0.scheduler.finish(at: now), &$0) }()
    }

    /// Throws away what is queued or waits to be tried again, and takes nothing more in.
    ///
    /// - Returns: What was thrown away, so that it can be accounted for; batches of producers who waited are not in it.
    func discard() -> [CopyItem] {
        var discarded: [CopyItem] = []
        state.withLock { state in
            let wakes = state.scheduler.discard(at: now) { batch, index in
                discarded.append(unsafeDowncast(batch, to: ScheduledBatch.self).items[index])
            }
            return Wake(wakes, &state)
        }()
        return discarded
    }

    // MARK: Copiers

    /// The next object that may be copied now, once there is one; `nil` at the end.
    ///
    /// - Parameter copier: The number of the copier, from 0 to below the concurrency.
    func next(for copier: Int) async -> Turn? {
        // Mostly there is one, and then nobody is suspended.
        let (next, turn, wake) = state.withLock { state in
            let (next, wakes) = state.scheduler.next(for: copier, at: now)
            var turn: Turn?
            if case .ticket(let ticket) = next { turn = state.turn(ticket) }
            return (next, turn, Wake(wakes, &state))
        }
        wake()
        guard case .wait = next else { return turn }
        return await withCheckedContinuation { (continuation: Copier) in
            let woken: Turn?? = state.withLock { state in
                if case .woken(let turn) = state.copiers[copier] {
                    state.copiers[copier] = .nobody
                    return .some(turn)
                }
                state.copiers[copier] = .waits(continuation)
                return nil
            }
            if let woken { continuation.resume(returning: woken) }
        }
    }

    /// An object has its verdict; the copier has to ask for the next one.
    ///
    /// - Parameters:
    ///   - turn: The turn at it.
    ///   - isAnswered: Whether the service was asked and answered.
    func finished(_ turn: Turn, isAnswered: Bool) {
        state.withLock { $0.scheduler.finished(turn.ticket, isAnswered ? .answered : .unsent, at: now) }
    }

    /// An attempt failed in a way that another one need not; the copier has to ask for the next object.
    func failed(_ turn: Turn, _ failure: RetryPolicy.Failure, isTimeout: Bool) -> CopyScheduler.Disposition {
        state.withLock { state in
            var random = SystemRandomNumberGenerator()
            return state.scheduler.failed(turn.ticket, failure, isTimeout: isTimeout, at: now, using: &random)
        }
    }

    // MARK: Time

    /// Hands out what only has to wait for its time, until everything is done; for one task beside the copiers.
    func keepTime() async {
        while let time = await nextTick() {
            let pause = min(max(time - now, Self.shortestSleep), Self.longestSleep)
            // Copiers end by themselves when they are cancelled, and need the time to.
            if (try? await Task.sleep(for: pause)) == nil { await Task.yield() }
            state.withLock { Wake($0.scheduler.tick(at: now), &$0) }()
        }
    }

    /// When there will be something to hand out; `nil` at the end.
    private func nextTick() async -> Duration? {
        await withCheckedContinuation { timekeeper in
            let time: Duration?? = state.withLock { state in
                if state.scheduler.isOver { return .some(nil) }
                if let time = state.scheduler.nextTick { return time }
                state.timekeeper = timekeeper
                return nil
            }
            if let time { timekeeper.resume(returning: time) }
        }
    }

    // MARK: Waking

    /// Whom to wake once the lock is released.
    private struct Wake {
        private var copiers: [(Copier, Turn?)] = []
        private var producers: [(CheckedContinuation<Bool, Never>, Bool)] = []
        private var timekeeper: (CheckedContinuation<Duration?, Never>, Duration?)?

        init(_ wakes: CopyScheduler.Wakes, _ state: inout State) {
            for (number, ticket) in wakes.copiers {
                let turn = ticket.map { state.turn($0) }
                if case .waits(let copier) = state.copiers[number] {
                    state.copiers[number] = .nobody
                    copiers.append((copier, turn))
                } else {
                    state.copiers[number] = .woken(with: turn)
                }
            }
            for (number, batch) in wakes.producers {
                if let producer = state.producers.removeValue(forKey: number) {
                    producers.append((producer, batch != nil))
                }
            }
            guard let waiting = state.timekeeper else { return }
            let time = state.scheduler.nextTick
            guard time != nil || state.scheduler.isOver else { return }
            state.timekeeper = nil
            timekeeper = (waiting, time)
        }

        func callAsFunction() {
            for (copier, turn) in copiers { copier.resume(returning: turn) }
            for (producer, isTaken) in producers { producer.resume(returning: isTaken) }
            if let (timekeeper, time) = timekeeper { timekeeper.resume(returning: time) }
        }
    }
}
