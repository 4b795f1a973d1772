internal import Keyspace
internal import S3Client
internal import S3Protocol
private import Synchronization

/// Lists with many fetchers at once, each of which walks a range of keys: the shell around ``FetcherDispatch``.
final class ParallelLister: Sendable {
    /// The server turned out not to list as ranges need it.
    struct Unsuitable: Error {
        /// What it does instead.
        let notice: ListNotice
        /// From where on it lists other keys than from below; `nil` if it showed otherwise.
        let seam: ObjectKey?
        /// How many objects of the last page known beforehand were delivered; `nil` if others were too.
        let deliveredOfLastPage: Int?
    }

    private typealias Waiter = CheckedContinuation<PageRequest?, Never>

    private struct State {
        var dispatch: FetcherDispatch<Waiter>
        var deliveredOfLastPage = 0
    }

    private let job: ListJob
    private let client: S3Client
    private let source: PageSource
    private let pages: [ListPage]
    private let deliver: Lister.Receiver
    private let countRepeated: @Sendable (Int) -> Void
    private let inquiry: SeamInquiry
    /// Where the job's own ranges end, above which an earlier run has listed.
    private let outerEnds: Set<[UInt8]>
    /// Whether keys to cut at were given, of which none lies where there is something left to cut.
    let hasOnlyUselessSplitPoints: Bool
    private let state: Mutex<State>

    /// Prepares a listing that goes on from its first pages.
    ///
    /// - Parameters:
    ///   - job: What to list.
    ///   - client: Whose event loops the fetchers run on.
    ///   - source: Where further pages come from.
    ///   - inquiry: Who is asked where ranges do not seem to fit.
    ///   - pages: The first pages, which follow each other in byte order. All but the last were delivered.
    ///   - deliver: Takes what was listed, from many fetchers at once; a fetcher waits while it does.
    ///   - countRepeated: Told of objects that were left out, since a page had told their keys just before.
    init(
        _ job: ListJob,
        client: S3Client,
        source: PageSource,
        inquiry: SeamInquiry,
        pages: [ListPage],
        deliver: @escaping Lister.Receiver,
        countRepeated: @escaping @Sendable (Int) -> Void
    ) {
        self.job = job
        self.client = client
        self.source = source
        self.pages = pages
        self.deliver = deliver
        self.countRepeated = countRepeated
        self.inquiry = inquiry
        outerEnds = Set(job.ranges?.compactMap(\.through) ?? [])
        var configuration = ListingConfiguration()
        configuration.prefix = job.source.prefix
        configuration.fetchers = job.fetchers
        configuration.pageSize = job.pageSize
        let listed = pages.last?.last?.key.bytes ?? []
        configuration.splitPoints = job.splitPoints.filter { point in
            listed.lexicographicallyPrecedes(point) && point.starts(with: job.source.prefix)
        }
        hasOnlyUselessSplitPoints = !job.splitPoints.isEmpty && configuration.splitPoints.isEmpty
        state = Mutex(State(dispatch: FetcherDispatch(configuration, ranges: job.ranges)))
    }

    /// Delivers everything from the last of the first pages on.
    ///
    /// - Throws: ``Unsuitable``, ``BrigadeError`` with the code `listingFailed`, or what `deliver` threw. What was under
    ///   way is cancelled then.
    func run() async throws {
        for page in pages.dropLast() {
            // What a server sends beyond what it was asked for was delivered too.
            let request = try await firstRequest()
            _ = try received(page.suffix(request.limit), isTruncated: true, for: request, by: 0)
        }
        if let page = pages.last { try await take(page, for: try await firstRequest(), by: 0) }
        try await withThrowingTaskGroup { group in
            for fetcher in 0..<job.fetchers {
                group.addTask { [self] in
                    try await client.withConnectionLoop(fetcher) { _ in try await fetch(as: fetcher) }
                }
            }
            try await group.waitForAll()
        }
    }

    /// The request that one of the first pages is the answer to.
    private func firstRequest() async throws -> PageRequest {
        guard let request = await nextRequest(for: 0) else { preconditionFailure("more follows the first pages") }
        return request
    }

    /// What each fetcher does until there is nothing left.
    private func fetch(as fetcher: Int) async throws {
        while let request = await nextRequest(for: fetcher) {
            try await take(try await page(for: request), for: request, by: fetcher)
        }
    }

    /// The next page to ask for, once there is one; `nil` at the end.
    private func nextRequest(for fetcher: Int) async -> PageRequest? {
        await withCheckedContinuation { (waiter: Waiter) in
            let work = state.withLock { state in
                let work = state.dispatch.next(for: fetcher)
                if work == .wait { state.dispatch.wait(waiter, by: fetcher) }
                return work
            }
            switch work {
            case .list(let request): waiter.resume(returning: request)
            case .wait: break
            case .end: waiter.resume(returning: nil)
            }
        }
    }

    /// Asks for a page.
    private func page(for request: PageRequest) async throws -> ListPage {
        try await ask(for: request) { try await page(after: request.startAfter) }
    }

    /// Asks something of which a failure ends the listing, and says where that was.
    private func ask<Answer>(for request: PageRequest, _ question: () async throws -> Answer) async throws -> Answer {
        do {
            return try await question()
        } catch {
            let range = cut { $0.dispatch.range(of: request) }
            throw BrigadeError(
                code: .listingFailed,
                message: "listing \(job.source) stopped in the range \(range.words): \(error)",
                cause: error
            )
        }
    }

    /// The first page behind a key that holds a key or is the last.
    ///
    /// S3 may answer with pages that hold no key though more follow; those are passed over by their tokens.
    private func page(after key: [UInt8]) async throws -> ListPage {
        var walk = source.walk(startAfter: key.isEmpty ? nil : ObjectKey(key))
        guard let page = try await walk.nextWithKeys() else { preconditionFailure("a walk has a first page") }
        return page
    }

    /// Takes a page, and delivers what of it belongs to its range.
    private func take(_ page: ListPage, for request: PageRequest, by fetcher: Int) async throws {
        var page = try checked(page, for: request)
        if contradicts(page, for: request) { page = try checked(try await self.page(for: request), for: request) }
        // A server may send more than it was asked for; the rest is listed again.
        let objects = page.prefix(request.limit)
        var isTruncated = page.isTruncated || objects.count < page.count
        if !isTruncated { isTruncated = try await isFollowed(objects, for: request) }
        guard let received = try received(objects, isTruncated: isTruncated, for: request, by: fetcher) else { return }
        let accepted = received.page
        source.tally.countBeyond(objects.count - accepted.keyCount)
        do {
            for gap in received.gaps {
                if try await inquiry.isThere(gap) { throw unsuitable(.notInByteOrder, from: ObjectKey(gap.seam)) }
                let end = gap.seam == request.startAfter ? accepted.covered.through : nil
                try await inquiry.checkNothingLeftOut(at: gap, through: end)
            }
            if let released = received.released {
                try await deliver(ListedBatch(objects.prefix(0), covering: released))
            }
            if received.isHeld { return }
            if let gap = try await gapAtOuterEnd(of: accepted, objects.prefix(accepted.keyCount), for: request) {
                throw unsuitable(.notInByteOrder, from: ObjectKey(gap.seam))
            }
            try await deliver(ListedBatch(objects.prefix(accepted.keyCount), covering: accepted.covered))
        } catch {
            cut { _ in }
            throw error
        }
    }

    /// The gap behind a page that ends one of the job's own ranges, if there is one: nobody lists what lies above, so
    /// that the server has to be asked how it goes on there.
    private func gapAtOuterEnd(
        of page: AcceptedPage,
        _ objects: Slice<ListPage>,
        for request: PageRequest
    ) async throws -> RangeSeams.Gap? {
        guard page.isRangeComplete, let seam = page.covered.through, outerEnds.contains(seam),
            let told = state.withLock({ $0.dispatch.seams.told(below: seam) })
        else { return nil }
        let start = request.startAfter
        let listed = objects.last.map { Array($0.key.bytes) } ?? start
        return try await inquiry.gap(behind: seam, start: start, listed: listed, told: told)
    }

    /// A page in byte order, without what it repeats.
    private func checked(_ page: ListPage, for request: PageRequest) throws(Unsuitable) -> ListPage {
        let firstKey = pages.first?.first?.key
        guard ListingOrder.violation(in: page[...], after: request.startAfter, firstKey: firstKey) != nil else {
            return page
        }
        let single = RepeatedKeys.removed(from: page, behind: nil)
        if let notice = ListingOrder.violation(in: single[...], after: request.startAfter, firstKey: firstKey) {
            throw unsuitable(notice)
        }
        countRepeated(page.count - single.count)
        return single
    }

    private func contradicts(_ page: ListPage, for request: PageRequest) -> Bool {
        let objects = page.prefix(request.limit)
        let isTruncated = page.isTruncated || objects.count < page.count
        return state.withLock { state in
            state.dispatch.contradicts(objects.lazy.map(\.key.bytes), isTruncated: isTruncated, for: request)
        }
    }

    /// Whether more follows a page that says it is the last, where that has to be proven.
    private func isFollowed(_ objects: Slice<ListPage>, for request: PageRequest) async throws -> Bool {
        let isDoubtful = state.withLock { state in
            state.dispatch.needsProofOfEnd(objects.lazy.map(\.key.bytes), isTruncated: false, for: request)
        }
        guard isDoubtful, let last = objects.last?.key else { return false }
        return try await ask(for: request) { try await source.firstKey(after: last).map { last < $0 } ?? false }
    }

    /// Tells the dispatch of a page, and wakes whom that gives work.
    ///
    /// - Returns: What became of the page; `nil` if it is of no use any more.
    private func received(
        _ objects: Slice<ListPage>,
        isTruncated: Bool,
        for request: PageRequest,
        by fetcher: Int
    ) throws -> FetcherDispatch<Waiter>.Received? {
        do {
            let received = try state.withLock { state in
                let keys = objects.lazy.map(\.key.bytes)
                let received = try state.dispatch.received(keys, isTruncated: isTruncated, for: request, by: fetcher)
                if state.dispatch.acceptedPages <= pages.count {
                    state.deliveredOfLastPage = received?.page.keyCount ?? 0
                }
                return received
            }
            Self.wake(received?.wakes ?? [])
            return received
        } catch {
            throw unsuitable(.notInByteOrder)
        }
    }

    // MARK: Ends

    private func unsuitable(_ notice: ListNotice, from seam: ObjectKey? = nil) -> Unsuitable {
        let delivered = cut { [pages] in $0.dispatch.acceptedPages <= pages.count ? $0.deliveredOfLastPage : nil }
        return Unsuitable(notice: notice, seam: seam, deliveredOfLastPage: delivered)
    }

    /// Ends the listing for every fetcher, after a last look at it.
    private func cut<Result: Sendable>(_ look: (borrowing State) -> Result) -> Result {
        let (result, wakes) = state.withLock { state in (look(state), state.dispatch.cut()) }
        Self.wake(wakes)
        return result
    }

    private static func wake(_ wakes: [FetcherDispatch<Waiter>.Wake]) {
        for (waiter, request) in wakes { waiter.resume(returning: request) }
    }
}

extension KeyRange {
    /// The range for a message.
    fileprivate var words: String {
        let text = { (bytes: [UInt8]) in "'\(String(decoding: bytes, as: UTF8.self))'" }
        let start = after.isEmpty ? "from the start" : "after \(text(after))"
        return "\(start) \(through.map { "up to " + text($0) } ?? "to the end")"
    }
}
