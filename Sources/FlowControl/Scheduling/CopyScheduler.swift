internal import DequeModule
internal import HeapModule

/// Decides which object is copied next, and when: the way from listed batches to a fixed number of copiers.
///
/// Batches wait in a bounded queue and are served in turn, an object of each, so that the load is spread over the
/// keyspace. A copier gets an object when one more request may be under way (``AdaptiveConcurrency``), the bytes of those
/// before it are paid for (``ByteCeiling``), and the part of the keyspace that its key is in takes requests
/// (``AdaptiveRate``). Objects of throttled parts wait in lanes of their own, of which each takes a few batches; then
/// whoever lists that part waits, while all others go on. Objects whose copy failed wait aside until it is time to try
/// again (``RetryPolicy``, ``RetryBudget``). None of them waits in a copier.
///
/// Copiers and producers are numbers here; time is what has passed since any fixed moment, and never goes back.
public struct CopyScheduler: Sendable {
    /// How a scheduler decides.
    public struct Configuration: Sendable {
        /// How many requests may be under way at most, at least 1.
        public var concurrency = 256
        /// Whether it begins with few requests, and finds out how many are of use.
        public var adaptsConcurrency = true
        /// The most bytes that may be begun each second; `nil` for no bound.
        public var maximumBytesPerSecond: Int?
        /// The batches that wait to be copied at most, where nothing is throttled.
        public var batchesAhead = 16
        /// When failed objects are tried again.
        public var retry = RetryPolicy()

        /// The defaults.
        public init() {}
    }

    /// An object that a copier is to copy.
    public struct Ticket: Sendable, Hashable {
        /// The batch that it is in: a number that no other batch of which objects are left has.
        public let batch: Int
        /// Its place in the batch.
        public let index: Int
        /// Which attempt this is, counted from 1.
        public let attempt: Int
        /// The region whose rate gave leave; -1 for none.
        let region: Int
        /// When it was handed out.
        let begun: Duration
    }

    /// What an attempt ended with, if it was no failure.
    public enum Success: Sendable {
        /// The service answered; what it said of the object is no matter of pacing.
        case answered
        /// Nothing had to be sent.
        case unsent
    }

    /// What becomes of an object whose attempt failed.
    public enum Disposition: Sendable {
        /// It is tried again later.
        case again
        /// It has failed for good.
        case giveUp
        /// It was not tried again, since the scheduler was emptied.
        case dropped
    }

    /// Whom to wake, and with what.
    public struct Wakes: Sendable {
        /// Copiers with what to copy next; `nil` at the end.
        public var copiers: [(copier: Int, ticket: Ticket?)] = []
        /// Producers with the number that their batch has; `nil` if it was refused.
        public var producers: [(producer: Int, batch: Int?)] = []
    }

    /// What became of a batch.
    public enum Put: Sendable {
        /// It is in, under this number.
        case accepted(batch: Int)
        /// The producer waits until it is in.
        case wait
        /// Nothing more is taken.
        case refused
    }

    /// What a copier gets.
    public enum Next: Sendable {
        /// An object to copy.
        case ticket(Ticket)
        /// Nothing yet; the copier is woken.
        case wait
        /// Nothing any more.
        case end
    }

    /// Pieces of batches that the lane of one region takes.
    static let piecesInLane = 4
    /// Pieces of batches that all lanes together take.
    static let piecesInLanes = 32
    /// Objects of one batch that have to go well for it to count.
    static let goingWell = 32
    /// How often regions are looked through for those that are not throttled any more.
    static let sweep = Duration.milliseconds(500)

    let configuration: Configuration
    /// While so many objects that failed wait to be tried again, none is begun that was not tried yet.
    let mostAside: Int
    var concurrency: AdaptiveConcurrency
    var budget: RetryBudget
    var bytes: ByteCeiling?
    var regions = ThrottledRegions()
    var accepted: RecentCount
    var batches: [Batch?] = []
    var freeNumbers: [Int] = []
    var pieces: Deque<Piece> = []
    var lanes: [Int: Lane] = [:]
    var lanesVersion = 0
    var nextLane = 0
    var nextLaneLeave = Duration.zero
    var aside = Heap<Waiting>()
    /// The objects that failed and wait, wherever they do.
    var failedWaiting = 0
    var again: Deque<Waiting> = []
    var againNotBefore = Duration.zero
    var copiers: Deque<Int> = []
    var producers: Deque<(producer: Int, batch: any PacedBatch)> = []
    /// Whether there may be room for a producer who waits.
    var hasNewRoom = false
    var isFinished = false
    var isDiscarded = false
    var inFlight = 0
    var nextSweep = Duration.zero
    var ceilingSince: Duration?
    var counts = FlowFigures()

    /// Creates an empty scheduler.
    public init(_ configuration: Configuration, at now: Duration) {
        precondition(configuration.batchesAhead >= 1, "a queue has room for a batch")
        self.configuration = configuration
        mostAside = max(64, configuration.concurrency)
        concurrency = AdaptiveConcurrency(
            ceiling: configuration.concurrency,
            rampsUp: configuration.adaptsConcurrency,
            at: now
        )
        budget = RetryBudget(at: now)
        accepted = RecentCount(at: now)
        bytes = configuration.maximumBytesPerSecond.map { ByteCeiling(perSecond: $0, at: now) }
    }

    /// What pacing did so far.
    public func figures(at now: Duration) -> FlowFigures {
        var figures = counts
        figures.concurrencyLimit = concurrency.limit
        figures.throttledRegions = regions.all.count
        if let ceilingSince { figures.timeAtCeiling += now - ceilingSince }
        return figures
    }

    // MARK: Batches

    /// A producer puts a batch in; an empty one is accepted as number -1 and forgotten.
    public mutating func put(_ batch: any PacedBatch, by producer: Int, at now: Duration) -> (Put, Wakes) {
        var wakes = Wakes()
        guard !isFinished else { return (.refused, wakes) }
        guard batch.count > 0 else { return (.accepted(batch: -1), wakes) }
        extendRegion(with: batch, at: now)
        guard hasRoom(for: batch) else {
            producers.append((producer, batch))
            return (.wait, wakes)
        }
        let number = accept(batch)
        deal(into: &wakes, at: now)
        return (.accepted(batch: number), wakes)
    }

    /// No more batches will come.
    public mutating func finish(at now: Duration) -> Wakes {
        precondition(producers.isEmpty, "a producer still waits to put its batch in")
        isFinished = true
        var wakes = Wakes()
        deal(into: &wakes, at: now)
        return wakes
    }

    /// Nothing more is taken in, handed out or tried again.
    ///
    /// - Parameters:
    ///   - now: The time.
    ///   - drop: Called for each object that had been taken in, is not under way, and is thrown away.
    /// - Returns: Whom to wake.
    public mutating func discard(at now: Duration, _ drop: (any PacedBatch, Int) -> Void) -> Wakes {
        isFinished = true
        isDiscarded = true
        var wakes = Wakes()
        for (producer, _) in producers { wakes.producers.append((producer, nil)) }
        producers = []
        let fresh = pieces + lanes.values.flatMap(\.pieces)
        var dropped = fresh.flatMap { piece in (piece.next..<piece.end).map { (piece.batch, $0) } }
        for waiting in aside.unordered + again + lanes.values.flatMap(\.again) {
            dropped.append((waiting.batch, waiting.index))
        }
        (pieces, again, lanes, aside, failedWaiting) = ([], [], [:], Heap(), 0)
        for (number, index) in dropped {
            if let batch = batches[number]?.content { drop(batch, index) }
            finishObject(of: number)
        }
        deal(into: &wakes, at: now)
        return wakes
    }

    /// The objects of a batch, while any of them is unfinished.
    public func batch(_ number: Int) -> (any PacedBatch)? { batches[number]?.content }

    /// A range that was throttled where it ended is taken to be throttled where it goes on.
    private mutating func extendRegion(with batch: any PacedBatch, at now: Duration) {
        guard !regions.isEmpty, let bounds = batch.bounds, !bounds.after.isEmpty,
            let index = regions.index(of: bounds.after[...]), regions.all[index].bounds.through == bounds.after,
            regions.index(of: batch.key(0)) == nil
        else { return }
        let lastFolder = bounds.after.lastIndex(of: UInt8(ascii: "/")).map { bounds.after[...$0] } ?? []
        let end = batch.firstIndex(from: 0, upTo: batch.count) { !$0.starts(with: lastFolder) }
        guard end > 0 else { return }
        regions.extend(index, through: end == batch.count ? bounds.through : Array(batch.key(end - 1)), at: now)
    }

    private func hasRoom(for batch: any PacedBatch) -> Bool {
        guard !regions.isEmpty, let index = regions.index(of: batch.key(0)) else {
            return pieces.count < configuration.batchesAhead
        }
        guard lanes.values.reduce(0, { $0 + $1.pieces.count }) < Self.piecesInLanes else { return false }
        return (lanes[regions.all[index].id]?.pieces.count ?? 0) < Self.piecesInLane
    }

    private mutating func accept(_ content: any PacedBatch) -> Int {
        let batch = Batch(content: content, unfinished: content.count)
        let number: Int
        if let free = freeNumbers.popLast() {
            number = free
            batches[free] = batch
        } else {
            number = batches.count
            batches.append(batch)
        }
        pieces.append(Piece(batch: number, next: 0, end: content.count))
        return number
    }

    /// Lets those producers in for whose batches there is room.
    mutating func admit(into wakes: inout Wakes) {
        var index = 0
        while index < producers.count {
            guard hasRoom(for: producers[index].batch) else {
                index += 1
                continue
            }
            let (producer, batch) = producers.remove(at: index)
            wakes.producers.append((producer, accept(batch)))
        }
    }

    // MARK: Copiers

    /// A copier wants an object.
    public mutating func next(for copier: Int, at now: Duration) -> (Next, Wakes) {
        var wakes = Wakes()
        let ticket = take(at: now)
        if ticket == nil, !isOver { copiers.append(copier) }
        if !copiers.isEmpty || hasNewRoom { deal(into: &wakes, at: now) }
        if let ticket { return (.ticket(ticket), wakes) }
        return (isOver ? .end : .wait, wakes)
    }

    /// An object is done with: it was copied, or left out, or has failed for good by its own fault.
    ///
    /// ``next(for:at:)`` or ``tick(at:)`` has to follow, which hands out what may go now.
    public mutating func finished(_ ticket: Ticket, _ success: Success, at now: Duration) {
        switch success {
        case .answered:
            concurrency.answered(.healthy, after: now - ticket.begun, inFlight: inFlight, at: now)
            budget.succeeded(isRepetition: ticket.attempt > 1)
            noteAccepted(ticket, at: now)
        case .unsent:
            if let size = batches[ticket.batch]?.content.size(ticket.index) { bytes?.giveBack(size) }
        }
        inFlight -= 1
        finishObject(of: ticket.batch)
    }

    /// An attempt failed in a way that another one need not.
    ///
    /// ``next(for:at:)`` or ``tick(at:)`` has to follow, which hands out what may go now.
    ///
    /// - Parameters:
    ///   - ticket: The object.
    ///   - failure: The kind of failure, but not `permanent`.
    ///   - isTimeout: Whether nothing was answered in time.
    ///   - now: The time.
    ///   - random: Where the jitter of the wait comes from.
    /// - Returns: What becomes of the object.
    public mutating func failed(
        _ ticket: Ticket,
        _ failure: RetryPolicy.Failure,
        isTimeout: Bool = false,
        at now: Duration,
        using random: inout some RandomNumberGenerator
    ) -> Disposition {
        noteFailure(ticket, failure, at: now)
        let decision = configuration.retry.decide(after: failure, attempt: ticket.attempt, using: &random)
        return conclude(ticket, failure, isTimeout: isTimeout, decision, at: now)
    }

    private mutating func conclude(
        _ ticket: Ticket,
        _ failure: RetryPolicy.Failure,
        isTimeout: Bool,
        _ decision: RetryPolicy.Decision,
        at now: Duration
    ) -> Disposition {
        inFlight -= 1
        guard case .retry(let delay) = decision, !isDiscarded else {
            finishObject(of: ticket.batch)
            return isDiscarded ? .dropped : .giveUp
        }
        failedWaiting += 1
        aside.insert(
            Waiting(
                due: now + delay,
                batch: ticket.batch,
                index: ticket.index,
                attempt: ticket.attempt + 1,
                cost: failure == .throttled ? .none : isTimeout ? .timeout : .ordinary
            )
        )
        return .again
    }
}
