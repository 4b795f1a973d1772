/// Lists ranges of keys, most often one, with many fetchers at once, with nothing known of the keys beforehand.
///
/// What the job is to list is at any moment the union of what is listed and of ranges that are being listed or wait; no
/// two of them overlap. An idle fetcher is given the upper part of the range where the most is thought to be left. The
/// machine does no input or output and knows no time: its shell asks ``nextWork(for:)`` for each fetcher that has
/// nothing to do, carries it out, and reports the end as ``received(_:isTruncated:by:)`` or ``failed(_:)``.
///
/// ```
/// idle ── nextWork ──▶ listing ── received, failed, paused ──▶ idle
/// ```
public struct ListingStateMachine: Sendable {
    /// What a fetcher has to do next.
    public enum Action: Sendable, Hashable {
        /// Ask for one page.
        case list(PageRequest)
        /// Nothing for now: ask again after the next page or failure of any other fetcher. The answer holds for every
        /// idle fetcher until then.
        case wait
        /// Every key is listed.
        case finished
    }

    /// The settings of the job.
    public let configuration: ListingConfiguration
    /// What happened so far.
    public internal(set) var counters = ListingCounters()

    var segments: [Segment] = []
    var model = SymbolModel()
    /// The pages that the keys accepted so far fill.
    var listedPages = 0.0
    /// The keys of the pages that more followed; `nil` before the first of them.
    var shownPageKeys: Double?
    /// How many ranges between split points may be begun before their first pages tell how far apart the points are.
    private var hintsAtOnce = 4
    private var nextID = 0

    /// Creates a machine that has the whole range of its configuration to list.
    public init(configuration: ListingConfiguration) {
        self.init(configuration: configuration, ranges: [configuration.range])
    }

    /// Creates a machine that has several ranges to list, such as those that an earlier one had left.
    ///
    /// - Parameters:
    ///   - configuration: the settings, whose `range` is not looked at.
    ///   - ranges: what to list: in ascending order, and none reaching into the next. Those that can hold no key, since
    ///     they end where they begin, are passed over; with no others there is nothing to list. A page may reach into
    ///     what lies between ranges, which counts as beyond; no request begins there.
    public init(configuration: ListingConfiguration, ranges: [KeyRange]) {
        precondition(
            zip(ranges, ranges.dropFirst()).allSatisfy { lower, upper in
                lower.through.map { !KeyOrder.precedes(upper.after[...], $0[...]) } ?? false
            },
            "the ranges ascend, and none reaches into the next"
        )
        self.configuration = configuration
        let ranges = ranges.filter { range in
            range.through.map { KeyOrder.precedes(range.after[...], $0[...]) } ?? true
        }
        var points = configuration.usableSplitPoints(in: ranges)[...]
        for range in ranges {
            var position = range.after
            let first = segments.count
            while let point = points.first, range.contains(point[...]) {
                appendSegment(after: position, through: point)
                position = points.removeFirst()
            }
            appendSegment(after: position, through: range.through)
            for index in segments.indices.dropFirst(first) { segments[index].isHinted = segments.count > first + 1 }
        }
    }

    /// The ranges that are not listed yet, lowest first: being listed, or waiting.
    public var remainingRanges: [KeyRange] {
        segments.map { KeyRange(after: $0.position, through: $0.through) }
    }

    /// Hands out the next page to ask for.
    ///
    /// - Parameter fetcher: any number that identifies the fetcher, which has no request on its way.
    /// - Returns: what the fetcher has to do.
    public mutating func nextWork(for fetcher: Int) -> Action {
        if let index = segments.firstIndex(where: { $0.owner == .fetcher(fetcher) }) {
            precondition(!segments[index].isInFlight, "a fetcher asks for one page at a time")
            return request(at: index)
        }
        if let index = nextWaiting() ?? split() {
            segments[index].owner = .fetcher(fetcher)
            return request(at: index)
        }
        return segments.isEmpty ? .finished : .wait
    }

    /// Takes a page back.
    ///
    /// - Parameters:
    ///   - keys: the page's keys as the server sent them. They are looked at here and there, not one by one, so that
    ///     making one from a buffer on access is cheap.
    ///   - isTruncated: whether the server says that more keys follow.
    ///   - fetcher: the one that was given the request.
    /// - Returns: which of the keys count.
    /// - Throws: ``ListingError`` if this is no listing in byte order from the key that was asked for. Nothing has
    ///   changed then, but that the request is over, as after ``failed(_:)``. Only a sample of the keys is compared.
    public mutating func received<Keys: RandomAccessCollection>(
        _ keys: Keys,
        isTruncated: Bool,
        by fetcher: Int
    ) throws(ListingError) -> AcceptedPage where Keys.Element == ArraySlice<UInt8> {
        let index = endRequest(of: fetcher)
        let after = segments[index].position
        let sample: [[UInt8]]
        do {
            sample = try checkedSample(of: keys, after: after, isTruncated: isTruncated)
        } catch {
            segments[index].owner = .nobody
            throw error
        }
        counters.pages += 1
        let last = sample.last
        let hint = segments[index].isHinted ? segments[index].through : nil
        absorbWaiting(at: index, through: isTruncated ? last : nil)
        let through = segments[index].through
        let accepted = through.map { keys.count(through: $0) } ?? keys.count
        segments[index].isHinted = false
        // The next split point is more than a page away: so may others be.
        if hint != nil, hint == through, accepted == keys.count { hintsAtOnce += 2 }
        counters.keys += accepted
        counters.keysBeyond += keys.count - accepted
        if isTruncated { notePage(of: keys.count) } else { noteEnd(at: index) }
        listedPages += Double(accepted) / pageKeys
        learn(sample, at: index)
        let isComplete = accepted < keys.count || !isTruncated || last == through
        if segments[index].pages == 0, accepted == 0 {
            counters.emptyRanges += 1
            if index > 0, segments[index - 1].through == after {
                segments[index - 1].isBoundPresumed = false
                updateOutlook(at: index - 1)
            }
        } else {
            let acceptedLast = accepted > 0 ? Array(keys[keys.index(keys.startIndex, offsetBy: accepted - 1)]) : nil
            advance(index, first: accepted > 0 ? sample.first : nil, last: acceptedLast, count: accepted)
        }
        segments[index].isProbe = false
        let covered = KeyRange(after: after, through: isComplete ? through : last)
        if isComplete {
            segments.remove(at: index)
        } else {
            reviseOutlook(at: index, after: accepted)
        }
        return AcceptedPage(keyCount: accepted, covered: covered, isRangeComplete: isComplete)
    }

    /// Takes note that a request failed: its range keeps its place and goes to whoever asks next.
    public mutating func failed(_ fetcher: Int) {
        segments[endRequest(of: fetcher)].owner = .nobody
    }

    /// Gives back the range of a fetcher that has no request on its way, to be gone on with by whoever asks next.
    ///
    /// A fetcher with no range may be paused too.
    public mutating func paused(_ fetcher: Int) {
        guard let index = segments.firstIndex(where: { $0.owner == .fetcher(fetcher) }) else { return }
        precondition(!segments[index].isInFlight, "a request has to end before its fetcher pauses")
        segments[index].owner = .nobody
    }

    // MARK: - Segments

    /// The range to begin or go on with that nobody works on.
    ///
    /// Split points given beforehand may lie closer than a page, and then each range that is begun is a request lost.
    /// So a few are begun at first, the lowest and others far from each other, and more as their pages show that it pays.
    private func nextWaiting() -> Int? {
        if let index = segments.firstIndex(where: { $0.owner == .nobody && !$0.isHinted }) { return index }
        guard !configuration.splitPoints.isEmpty else { return nil }
        let hinted = segments.indices.filter { segments[$0].isHinted && segments[$0].owner == .nobody }
        guard let first = hinted.first else { return nil }
        let begun = segments.reduce(0) { $0 + ($1.isHinted && $1.owner != .nobody ? 1 : 0) }
        guard begun < hintsAtOnce else { return nil }
        guard begun > 0, begun + hinted.count > hintsAtOnce else { return first }
        // The middle of the longest row of neighbours that wait.
        var longest = 0..<0
        var start = 0
        for place in hinted.indices where place + 1 == hinted.count || hinted[place + 1] != hinted[place] + 1 {
            if place + 1 - start > longest.count { longest = start..<place + 1 }
            start = place + 1
        }
        return hinted[longest.lowerBound + longest.count / 2]
    }

    /// Takes note that there are no keys above those of a page.
    private mutating func noteEnd(at index: Int) {
        for above in segments.indices.dropFirst(index + 1) {
            segments[above].isKnownEmpty = true
            segments[above].outlook = nil
        }
    }

    private mutating func appendSegment(after: [UInt8], through: [UInt8]?) {
        segments.append(Segment(id: takeID(), position: after, through: through))
    }

    mutating func takeID() -> Int {
        nextID += 1
        return nextID
    }

    private mutating func request(at index: Int) -> Action {
        segments[index].isInFlight = true
        counters.requests += 1
        let segment = segments[index]
        return .list(PageRequest(rangeID: segment.id, startAfter: segment.position, limit: configuration.pageSize))
    }

    private mutating func endRequest(of fetcher: Int) -> Int {
        guard let index = segments.firstIndex(where: { $0.owner == .fetcher(fetcher) && $0.isInFlight }) else {
            preconditionFailure("no request of this fetcher is on its way")
        }
        segments[index].isInFlight = false
        return index
    }

    /// Takes over ranges that nobody has begun and that the page reaches into or past: split points given beforehand
    /// may lie closer than a page.
    ///
    /// What lies behind a range that is listed already is another's.
    private mutating func absorbWaiting(at index: Int, through last: [UInt8]?) {
        while index + 1 < segments.count, segments[index + 1].owner == .nobody, segments[index + 1].pages == 0,
            let through = segments[index].through, segments[index + 1].position == through,
            last.map({ KeyOrder.precedes(through[...], $0[...]) }) ?? true
        {
            segments[index].through = segments[index + 1].through
            segments[index].above = segments[index + 1].above
            segments[index].reachAbove = segments[index + 1].reachAbove
            segments.remove(at: index + 1)
        }
    }

    /// Moves a segment on by a page.
    private mutating func advance(_ index: Int, first: [UInt8]?, last: [UInt8]?, count: Int) {
        if let first, let last {
            if segments[index].first == nil { segments[index].first = first }
            segments[index].keys += count
            let span = Span(first: first, last: last, count: count)
            if segments[index].pages == 0, index > 0, segments[index - 1].through == segments[index].position {
                segments[index - 1].above = span
                segments[index - 1].isBoundPresumed = false
                segments[index - 1].reachAbove = segments[index].reach
                updateOutlook(at: index - 1)
            }
            if segments[index].isProbe, !isNear(first, index) { segments[index].reach /= 4 }
            if count > 1 { segments[index].below = span }
            segments[index].reach += Double(count)
            segments[index].keysSinceForecast += Double(count)
            segments[index].position = last
        }
        segments[index].pages += 1
    }
}

extension RandomAccessCollection where Element == ArraySlice<UInt8> {
    /// The number of keys up to and with a bound.
    fileprivate func count(through bound: [UInt8]) -> Int {
        var low = 0
        var high = count
        while low < high {
            let middle = (low + high) / 2
            if KeyOrder.precedes(bound[...], self[index(startIndex, offsetBy: middle)]) {
                high = middle
            } else {
                low = middle + 1
            }
        }
        return low
    }
}
