internal import DequeModule
internal import Keyspace

/// Hands the pages that a ``ListingStateMachine`` wants out to fetchers, of whom those who find nothing to do wait.
///
/// Whoever waits is woken by the event that gives it work, or by the end; so every event answers whom to wake. What the
/// pages tell of the seams between ranges is compared (``RangeSeams``).
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

    /// What became of a page.
    struct Received {
        /// Which of its keys count.
        var page: AcceptedPage
        /// Whether the page counts only once the range below is listed to its end and bears it out.
        var isHeld: Bool
        /// What pages cover that were held so far and are borne out now.
        var released: KeyRange?
        /// Ranges that do not fit together, as the page shows.
        var gaps: [RangeSeams.Gap]
        /// Whom to wake.
        var wakes: [Wake]
    }

    private(set) var machine: ListingStateMachine
    var seams = RangeSeams()
    /// The ranges under way of which a page was taken.
    private(set) var begun: Set<Int> = []
    private var waiting: Deque<(fetcher: Int, waiter: Waiter)> = []
    /// Whether the listing ended before its end.
    private(set) var isCut = false
    /// Pages that were taken.
    private(set) var acceptedPages = 0
    /// The highest key of which a page told.
    private(set) var highestKey: [UInt8] = []
    /// What first pages without a key cover, each to be listed again if what its neighbours tell does not fit.
    var held: [KeyRange] = []
    /// What is to be listed again, once all else is listed.
    var doubted: [KeyRange] = []
    private let configuration: ListingConfiguration

    /// Creates a dispatch with nothing handed out.
    ///
    /// - Parameters:
    ///   - configuration: How to list.
    ///   - ranges: What to list, in ascending order; `nil` for the configuration's own range.
    init(_ configuration: ListingConfiguration, ranges: [KeyRange]? = nil) {
        self.configuration = configuration
        machine = ListingStateMachine(configuration: configuration, ranges: ranges ?? [configuration.range])
    }

    /// Seams of which one side is known so far; none once everything is listed.
    var openSeams: Int { seams.count }

    /// A fetcher with no request on its way wants work.
    mutating func next(for fetcher: Int) -> Work {
        if isCut { return .end }
        return switch machine.nextWork(for: fetcher) {
        case .list(let request): .list(request)
        case .wait: .wait
        case .finished: listAgain() ? next(for: fetcher) : .end
        }
    }

    /// Goes on with what is to be listed again.
    private mutating func listAgain() -> Bool {
        guard !doubted.isEmpty else { return false }
        let ranges = doubted.sorted { $0.after.lexicographicallyPrecedes($1.after) }
        doubted = []
        machine = ListingStateMachine(configuration: configuration, ranges: ranges)
        // Its ranges are numbered anew.
        begun = []
        return true
    }

    /// A fetcher, whom ``next(for:)`` told to, waits.
    mutating func wait(_ waiter: Waiter, by fetcher: Int) {
        waiting.append((fetcher, waiter))
    }

    /// A page arrived, whose keys ascend from above the one asked for.
    ///
    /// - Returns: What became of it; `nil` if the listing was ended meanwhile and the page is of no use any more.
    /// - Throws: `ListingError` if the page is none of this listing.
    mutating func received<Keys: RandomAccessCollection>(
        _ keys: Keys,
        isTruncated: Bool,
        for request: PageRequest,
        by fetcher: Int
    ) throws(ListingError) -> Received? where Keys.Element == ArraySlice<UInt8> {
        guard !isCut else { return nil }
        let page = try machine.received(keys, isTruncated: isTruncated, by: fetcher)
        acceptedPages += 1
        if let last = keys.last, highestKey.lexicographicallyPrecedes(last) { highestKey = Array(last) }
        let isFirst = !begun.contains(request.rangeID)
        let gaps = compareSeams(of: page, keys, isTruncated: isTruncated, for: request)
        let isHeld = isFirst && keys.isEmpty && hold(page.covered)
        let isDoubted = gaps.map { doubtHeld(at: $0) }
        return Received(
            page: page,
            isHeld: isHeld,
            released: isHeld ? nil : release(page.covered.through),
            gaps: zip(gaps, isDoubted).filter { !$1 }.map(\.0),
            wakes: dealOut()
        )
    }

    /// Compares what a page tells of the ends of its range with what the neighbours' pages told.
    private mutating func compareSeams<Keys: RandomAccessCollection>(
        of page: AcceptedPage,
        _ keys: Keys,
        isTruncated: Bool,
        for request: PageRequest
    ) -> [RangeSeams.Gap] where Keys.Element == ArraySlice<UInt8> {
        var gaps: [RangeSeams.Gap?] = []
        if begun.insert(request.rangeID).inserted, !request.startAfter.isEmpty {
            let next = keys.first.map { RangeSeams.Next.key(Array($0)) } ?? .end
            gaps.append(seams.began(at: request.startAfter, next: next))
        }
        if page.isRangeComplete {
            begun.remove(request.rangeID)
            if let seam = page.covered.through {
                let next = keys.dropFirst(page.keyCount).first.map { RangeSeams.Next.key(Array($0)) }
                let said = next ?? (isTruncated ? .unknown : .end)
                let listed = page.keyCount > 0 ? keys.prefix(page.keyCount).last.map { Array($0) } : nil
                let start = request.startAfter
                gaps.append(seams.ended(at: seam, start: start, listed: listed, next: said))
            }
        }
        return gaps.compactMap { $0 }
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
