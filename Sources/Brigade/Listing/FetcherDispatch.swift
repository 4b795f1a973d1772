internal import DequeModule
internal import Keyspace

/// Hands the pages that a ``ListingStateMachine`` wants out to fetchers, of whom those who find nothing to do wait.
///
/// Whoever waits is woken by the event that gives it work, or by the end; so every event answers whom to wake.
struct FetcherDispatch<Waiter> {
    /// What a fetcher has to do.
    enum Work: Equatable {
        /// Ask for a page.
        case list(PageRequest)
        /// Nothing for now; ``wait(_:by:)`` queues the fetcher.
        case wait
        /// Nothing any more.
        case end
    }

    /// Someone who waited, and the page to ask for now; `nil` at the end.
    typealias Wake = (waiter: Waiter, request: PageRequest?)

    private var machine: ListingStateMachine
    private var waiting: Deque<(fetcher: Int, waiter: Waiter)> = []
    /// Whether the listing ended before its end.
    private var isCut = false
    /// Pages that were taken.
    private(set) var acceptedPages = 0

    /// Creates a dispatch with nothing handed out.
    init(_ configuration: ListingConfiguration) {
        machine = ListingStateMachine(configuration: configuration)
    }

    /// What the listing cost so far.
    var counters: ListingCounters { machine.counters }

    /// A fetcher with no request on its way wants work.
    mutating func next(for fetcher: Int) -> Work {
        if isCut { return .end }
        return switch machine.nextWork(for: fetcher) {
        case .list(let request): .list(request)
        case .wait: .wait
        case .finished: .end
        }
    }

    /// A fetcher, whom ``next(for:)`` told to, waits.
    mutating func wait(_ waiter: Waiter, by fetcher: Int) {
        waiting.append((fetcher, waiter))
    }

    /// A page arrived, whose keys ascend from above the one asked for.
    ///
    /// - Returns: Which of the keys count, and whom to wake; `nil` if the listing was ended meanwhile and the page is of
    ///   no use any more.
    /// - Throws: `ListingError` if the page is none of this listing.
    mutating func received<Keys: RandomAccessCollection>(
        _ keys: Keys,
        isTruncated: Bool,
        by fetcher: Int
    ) throws(ListingError) -> (page: AcceptedPage, wakes: [Wake])? where Keys.Element == ArraySlice<UInt8> {
        guard !isCut else { return nil }
        let page = try machine.received(keys, isTruncated: isTruncated, by: fetcher)
        acceptedPages += 1
        return (page, dealOut())
    }

    /// Ends the listing before its end.
    ///
    /// - Returns: Who waits in vain.
    mutating func cut() -> [Wake] {
        isCut = true
        return dealOut()
    }

    /// The range that a request belongs to, as far as it is not listed yet.
    func range(of request: PageRequest) -> KeyRange {
        machine.remainingRanges.first { $0.after == request.startAfter } ?? KeyRange(after: request.startAfter)
    }

    /// Gives those who wait what there is to do now; the first who finds nothing speaks for all.
    private mutating func dealOut() -> [Wake] {
        var wakes: [Wake] = []
        while let first = waiting.first {
            switch next(for: first.fetcher) {
            case .list(let request): wakes.append((first.waiter, request))
            case .end: wakes.append((first.waiter, nil))
            case .wait: return wakes
            }
            waiting.removeFirst()
        }
        return wakes
    }
}
