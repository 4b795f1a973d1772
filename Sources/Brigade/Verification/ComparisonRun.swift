internal import Keyspace
public import S3Client
internal import S3Protocol
private import Synchronization

/// One run of a ``ComparisonJob``.
///
/// Where the server lists in byte order, the source is listed by ranges, and the same range of the destination beside
/// each page: two equal places cost two requests for 1,000 objects, and memory a page of each side for each fetcher.
/// Elsewhere both listings are sorted first, in a temporary file.
public final class ComparisonRun: Sendable {
    /// The server does not list in byte order after all.
    private struct Unordered: Error {}

    /// How one of the ways to compare ended.
    private enum End {
        case complete, stopped, unordered
        case failed(BrigadeError)
    }

    private struct State {
        var counters = ComparisonCounters()
        /// What was compared by ranges so far.
        var compared = CompletionLedger()
        var hasBegun = false
        var isStopped = false
        /// The listings under way.
        var listings: [ListRun] = []
        /// What the destination's ranges tell of where they meet.
        var seams = RangeSeams()
    }

    private let job: ComparisonJob
    private let client: S3Client
    private let onDifference: @Sendable (Difference) async -> Void
    private let log: DifferenceLog
    private let state = Mutex(State())

    /// Prepares a run; nothing is sent yet.
    ///
    /// - Parameters:
    ///   - job: What to compare.
    ///   - client: The client to do it with; it should have a connection for each fetcher.
    ///   - onDifference: Called for each difference when the comparison is over, in no order and one after the other.
    /// - Throws: ``BrigadeError`` with the code `invalidJob`.
    public init(
        _ job: ComparisonJob,
        client: S3Client,
        onDifference: @escaping @Sendable (Difference) async -> Void = { _ in }
    ) throws(BrigadeError) {
        try job.validate()
        self.job = job
        self.client = client
        self.onDifference = onDifference
        log = DifferenceLog(folder: job.spoolFolder)
    }

    /// How far the run is.
    public var counters: ComparisonCounters { state.withLock { $0.counters } }

    /// Ends the run soon: requests under way are given up.
    public func stop() {
        let listings = state.withLock { state in
            state.isStopped = true
            return state.listings
        }
        for listing in listings { listing.stop() }
    }

    /// Compares; to be called once.
    ///
    /// - Returns: What was found. A listing that breaks off is never taken for its end: the verdict is
    ///   ``ComparisonSummary/Verdict/incomplete`` then.
    public func run() async -> ComparisonSummary {
        state.withLock { state in
            precondition(!state.hasBegun, "a run is run once")
            state.hasBegun = true
        }
        let clock = ContinuousClock()
        let start = clock.now
        var summary = ComparisonSummary()
        var end = await compareByRanges()
        if case .unordered = end {
            summary.isInByteOrder = false
            await log.clear()
            state.withLock { $0.counters = ComparisonCounters() }
            end = await compareSorted()
        }
        do {
            try await log.forEach(onDifference)
        } catch {
            end = .failed(error)
        }
        switch end {
        case .complete: break
        case .stopped: summary.wasStopped = true
        case .failed(let error): summary.abortedBy = error
        case .unordered: preconditionFailure("sorted listings are in order")
        }
        summary.counters = counters
        summary.duration = clock.now - start
        return summary
    }

    // MARK: By ranges

    private func compareByRanges() async -> End {
        let end = await list(job.listing(of: job.source)) { [self] batch in
            guard batch.isInByteOrder else { throw Unordered() }
            try await compare(batch)
            let covered = KeyRange(after: batch.after, through: batch.through)
            let stretch = CompletedStretch(covered, objects: batch.objects.count)
            state.withLock { $0.compared.insert(stretch) }
        }
        guard case .complete = end else { return end }
        // Equal is said only of what was compared without a gap; else both listings are compared whole.
        return state.withLock { $0.compared.gaps(in: KeyRange()).isEmpty } ? .complete : .unordered
    }

    /// Compares what a batch covers with the same range of the destination.
    private func compare(_ batch: ListedBatch) async throws {
        let covered = KeyRange(after: batch.after, through: batch.through)
        guard let range = job.mapping.map(covered) else { return }
        var merge = OrderedMerge<ComparedObject>()
        try append(batch.objects, of: job.source, to: .source, &merge)
        merge.finish(.source)
        let pages = PageSource(
            client: client,
            location: job.destination,
            tally: ListTally(),
            pageSize: job.listing(of: job.destination).pageSize
        )
        var walk = RangeWalk(pages, range)
        var judge = ObjectJudge(job, client: client)
        while true {
            switch merge.next() {
            case .end:
                state.withLock { $0.counters.add(judge.counters) }
                return try await log.append(judge.differences)
            case .onlyAtSource(let object): judge.addMissing(object)
            case .onlyAtDestination(let object): judge.addExtra(object)
            case .atBoth(let first, let second): await judge.addPair(first, second)
            case .needs:
                guard let page = try await walk.next() else {
                    merge.finish(.destination)
                    continue
                }
                let gaps = state.withLock { state in page.gaps(&state.seams) }
                for gap in gaps where try await SeamInquiry(source: pages).isThere(gap) { throw Unordered() }
                guard page.isInByteOrder else { throw Unordered() }
                try append(page.objects, of: job.destination, to: .destination, &merge)
            }
        }
    }

    private func append(
        _ objects: Slice<ListPage>,
        of place: ObjectLocation,
        to side: OrderedMerge<ComparedObject>.Side,
        _ merge: inout OrderedMerge<ComparedObject>
    ) throws {
        let length = place.prefix.count
        do {
            try merge.append(objects.lazy.map { ComparedObject($0, prefixLength: length) }, to: side)
        } catch {
            throw Unordered()
        }
    }

    // MARK: Sorted

    private func compareSorted() async -> End {
        let source = SortedObjects(folder: job.spoolFolder)
        let destination = SortedObjects(folder: job.spoolFolder)
        async let sourceEnd = list(job.source, into: source)
        async let destinationEnd = list(job.destination, into: destination)
        for end in await [sourceEnd, destinationEnd] {
            guard case .complete = end else { return end }
        }
        do {
            try await source.finish()
            try await destination.finish()
            return try await compare(source, destination)
        } catch let error as BrigadeError {
            return .failed(error)
        } catch {
            preconditionFailure("sorted objects are in order: \(error)")
        }
    }

    /// Lists a place by the server's own tokens, in whatever order that is.
    private func list(_ place: ObjectLocation, into objects: SortedObjects) async -> End {
        var listing = job.listing(of: place)
        listing.fetchers = 1
        return await list(listing) { batch in
            let length = place.prefix.count
            try await objects.append(batch.objects.map { ComparedObject($0, prefixLength: length) })
        }
    }

    private func compare(_ source: SortedObjects, _ destination: SortedObjects) async throws -> End {
        var merge = OrderedMerge<ComparedObject>()
        var judge = ObjectJudge(job, client: client)
        while true {
            switch merge.next() {
            case .onlyAtSource(let object): judge.addMissing(object)
            case .onlyAtDestination(let object): judge.addExtra(object)
            case .atBoth(let first, let second): await judge.addPair(first, second)
            case .end:
                try await take(&judge)
                return .complete
            case .needs(let side):
                guard !state.withLock({ $0.isStopped }) else { return .stopped }
                try await take(&judge)
                let objects = try await (side == .source ? source : destination).next(upTo: 1000)
                if objects.isEmpty { merge.finish(side) } else { try merge.append(objects, to: side) }
            }
        }
    }

    /// Keeps what was found, and begins anew.
    private func take(_ judge: inout ObjectJudge) async throws {
        state.withLock { $0.counters.add(judge.counters) }
        try await log.append(judge.differences)
        judge.removeAll()
    }

    // MARK: Listing

    /// Lists to the end.
    private func list(
        _ listJob: ListJob,
        _ receive: @escaping @Sendable (ListedBatch) async throws -> Void
    ) async -> End {
        do {
            let listing = try ListRun(listJob, client: client)
            let isStopped = state.withLock { state in
                state.listings.append(listing)
                return state.isStopped
            }
            if isStopped { return .stopped }
            let summary = try await listing.run(receive)
            if summary.wasStopped { return .stopped }
            guard let error = summary.abortedBy else { return .complete }
            if error.code == .notInByteOrder || error.cause is Unordered { return .unordered }
            return .failed(error.code == .receiverFailed ? error.cause as? BrigadeError ?? error : error)
        } catch {
            return .failed(error)
        }
    }
}
