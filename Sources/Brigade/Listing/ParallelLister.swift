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
        /// How many objects of the first page were delivered; `nil` if others were too.
        let deliveredOfFirstPage: Int?
    }

    private typealias Waiter = CheckedContinuation<PageRequest?, Never>

    private struct State {
        var dispatch: FetcherDispatch<Waiter>
        var deliveredOfFirstPage = 0
    }

    private let job: ListJob
    private let client: S3Client
    private let source: PageSource
    private let firstPage: ListPage
    private let deliver: Lister.Receiver
    private let state: Mutex<State>

    /// Prepares a listing that begins with a page which is there already.
    ///
    /// - Parameters:
    ///   - job: What to list.
    ///   - client: Whose event loops the fetchers run on.
    ///   - source: Where further pages come from.
    ///   - firstPage: What the server answered when it was asked for all keys.
    ///   - deliver: Takes what was listed, from many fetchers at once; a fetcher waits while it does.
    init(
        _ job: ListJob,
        client: S3Client,
        source: PageSource,
        firstPage: ListPage,
        deliver: @escaping Lister.Receiver
    ) {
        self.job = job
        self.client = client
        self.source = source
        self.firstPage = firstPage
        self.deliver = deliver
        var configuration = ListingConfiguration()
        configuration.prefix = job.source.prefix
        configuration.fetchers = job.fetchers
        configuration.splitPoints = job.splitPoints
        state = Mutex(State(dispatch: FetcherDispatch(configuration)))
    }

    /// Delivers everything, the first page included.
    ///
    /// - Throws: ``Unsuitable``, ``BrigadeError`` with the code `listingFailed`, or what `deliver` threw. What was under
    ///   way is cancelled then.
    func run() async throws {
        guard let request = await nextRequest(for: 0) else { preconditionFailure("a listing begins with a page") }
        try await take(firstPage, for: request, by: 0)
        try await withThrowingTaskGroup { group in
            for fetcher in 0..<job.fetchers {
                group.addTask { [self] in
                    try await client.withConnectionLoop(fetcher) { _ in try await fetch(as: fetcher) }
                }
            }
            try await group.waitForAll()
        }
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
    ///
    /// S3 may answer with pages that hold no key though more follow; those are passed over by their tokens.
    private func page(for request: PageRequest) async throws -> ListPage {
        var walk = source.walk(startAfter: request.startAfter.isEmpty ? nil : ObjectKey(request.startAfter))
        do {
            guard let page = try await walk.nextWithKeys() else { preconditionFailure("a walk has a first page") }
            return page
        } catch {
            let range = cut { $0.dispatch.range(of: request) }
            throw BrigadeError(
                code: .listingFailed,
                message: "listing \(job.source) stopped in the range \(range.words): \(error)",
                cause: error
            )
        }
    }

    /// Takes a page, and delivers what of it belongs to its range.
    private func take(_ page: ListPage, for request: PageRequest, by fetcher: Int) async throws {
        if let notice = ListingOrder.violation(
            in: page[...],
            after: request.startAfter,
            firstKey: firstPage.first?.key
        ) {
            throw unsuitable(notice)
        }
        // A server may send more than it was asked for; the rest is listed again.
        let objects = page.prefix(request.limit)
        let isTruncated = page.isTruncated || objects.count < page.count
        let received: (page: AcceptedPage, wakes: [FetcherDispatch<Waiter>.Wake])?
        do {
            received = try state.withLock { state in
                let keys = objects.lazy.map(\.key.bytes)
                let received = try state.dispatch.received(keys, isTruncated: isTruncated, by: fetcher)
                if state.dispatch.acceptedPages == 1 { state.deliveredOfFirstPage = received?.page.keyCount ?? 0 }
                return received
            }
        } catch {
            throw unsuitable(.notInByteOrder)
        }
        guard let received else { return }
        Self.wake(received.wakes)
        source.tally.countBeyond(objects.count - received.page.keyCount)
        do {
            try await deliver(ListedBatch(objects.prefix(received.page.keyCount), covering: received.page.covered))
        } catch {
            cut { _ in }
            throw error
        }
    }

    // MARK: Ends

    private func unsuitable(_ notice: ListNotice) -> Unsuitable {
        let delivered = cut { $0.dispatch.acceptedPages <= 1 ? $0.deliveredOfFirstPage : nil }
        return Unsuitable(notice: notice, deliveredOfFirstPage: delivered)
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
