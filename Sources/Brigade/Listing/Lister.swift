internal import Keyspace
internal import S3Client
internal import S3Protocol
private import Synchronization

/// Lists a job's source for a run: with many fetchers where the server lists in byte order, serially elsewhere.
final class Lister: Sendable {
    /// Takes what was listed, from many tasks at once; the listing waits while it does.
    typealias Receiver = @Sendable (ListedBatch) async throws -> Void

    /// How a listing ended.
    enum End: Sendable {
        case complete
        case stopped
        case failed(BrigadeError)
    }

    /// A listing's first page, and the way to go on from it with the server's token.
    struct Opening: Sendable {
        fileprivate let page: ListPage
        fileprivate let rest: SerialLister
    }

    private let job: ListJob
    private let client: S3Client
    private let source: PageSource
    private let onNotice: @Sendable (ListNotice) -> Void
    private let tally = ListTally()
    private let stopSignal = StopSignal()
    private let order = Mutex(true)

    /// Prepares a listing; nothing is sent yet.
    init(_ job: ListJob, client: S3Client, onNotice: @escaping @Sendable (ListNotice) -> Void) {
        self.job = job
        self.client = client
        self.onNotice = onNotice
        source = PageSource(client: client, location: job.source, tally: tally)
    }

    /// How far the listing is.
    var counters: ListCounters { tally.counters }

    /// Whether the server lists in byte order, as far as was seen.
    var isInByteOrder: Bool { order.withLock { $0 } }

    /// Whether the listing was stopped.
    var isStopped: Bool { stopSignal.isRaised }

    /// Cuts the listing short.
    func stop() {
        stopSignal.raise()
    }

    /// Asks for the first page, which shows whether the source can be listed at all.
    ///
    /// - Throws: ``S3ResponseError`` or ``S3ClientError``.
    func open() async throws -> Opening {
        try await stopSignal.cutShort { [source] in
            var walk = source.walk()
            // A listing has a first page, if only an empty one.
            guard let page = try await walk.nextWithKeys() else { preconditionFailure("the walk had been used") }
            return Opening(page: page, rest: walk)
        }
    }

    /// Delivers everything, the first page included.
    func run(from opening: Opening, _ receive: @escaping Receiver) async -> End {
        let deliver: Receiver = { [tally] batch in
            tally.count(batch)
            do {
                try await receive(batch)
            } catch {
                throw BrigadeError(
                    code: .receiverFailed,
                    message: "listing was given up, since what it found could not be taken: \(error)",
                    cause: error
                )
            }
        }
        do {
            try await stopSignal.cutShort { try await self.list(from: opening, deliver) }
            return .complete
        } catch  where stopSignal.isRaised {
            return .stopped
        } catch let error as BrigadeError {
            return .failed(error)
        } catch {
            return .failed(
                BrigadeError(code: .listingFailed, message: "listing \(job.source) failed: \(error)", cause: error)
            )
        }
    }

    // MARK: With many fetchers

    private func list(from opening: Opening, _ deliver: @escaping Receiver) async throws {
        guard job.fetchers > 1, opening.page.isTruncated else { return try await walk(from: opening, deliver) }
        if let notice = try await unsuitability(of: opening.page) {
            try note(notice)
            return try await walk(from: opening, deliver)
        }
        let lister = ParallelLister(job, client: client, source: source, firstPage: opening.page, deliver: deliver)
        do {
            try await lister.run()
        } catch let error as ParallelLister.Unsuitable {
            guard let delivered = error.deliveredOfFirstPage else { throw tooLate(error.notice) }
            try note(error.notice)
            try await walk(from: opening, skipping: delivered, deliver)
        }
    }

    /// Why a server cannot be listed in ranges, to judge by its first page and perhaps a question.
    private func unsuitability(of page: ListPage) async throws -> ListNotice? {
        if let violation = ListingOrder.violation(in: page[...], after: [], firstKey: nil) { return violation }
        guard let probe = OrderProbe(page, prefix: job.source.prefix) else { return nil }
        do {
            return probe.verdict(on: try await source.page(startAfter: probe.startAfter, limit: 1).first?.key)
        } catch {
            throw BrigadeError(
                code: .listingFailed,
                message: "listing \(job.source) stopped at its first page: \(error)",
                cause: error
            )
        }
    }

    /// Takes note of what the server does instead of listing in byte order from a key.
    private func note(_ notice: ListNotice) throws(BrigadeError) {
        if notice == .notInByteOrder { try noteDisorder() }
        onNotice(notice)
    }

    private func noteDisorder() throws(BrigadeError) {
        order.withLock { $0 = false }
        guard job.requiresByteOrder else { return }
        throw BrigadeError(
            code: .notInByteOrder,
            message: "the server does not list \(job.source) in byte order, and it has to be for this job"
        )
    }

    private func tooLate(_ notice: ListNotice) -> BrigadeError {
        let behaviour =
            switch notice {
            case .notInByteOrder: "does not list in byte order"
            case .startAfterIgnored: "does not always list from the key that it is asked to"
            }
        if notice == .notInByteOrder { order.withLock { $0 = false } }
        return BrigadeError(
            code: .notInByteOrder,
            message: "listing \(job.source) was given up: the server \(behaviour), which showed only after "
                + "\(counters.objects) objects, so that ranges of its keys cannot be told apart; list it serially, "
                + "with one fetcher (--fetchers 1)"
        )
    }

    // MARK: Serially

    /// Goes on from the first page, some of whose objects may have been delivered, with the server's tokens.
    private func walk(from opening: Opening, skipping delivered: Int = 0, _ deliver: Receiver) async throws {
        var lister = opening.rest
        var page = opening.page
        var objects = page.dropFirst(delivered)
        var position = delivered > 0 ? Array(page[delivered - 1].key.bytes) : []
        while true {
            if isInByteOrder, ListingOrder.violation(in: objects, after: position, firstKey: nil) != nil {
                try noteDisorder()
            }
            let last = objects.last.map { Array($0.key.bytes) } ?? position
            let covered = KeyRange(after: position, through: page.isTruncated ? last : nil)
            try await deliver(ListedBatch(objects, covering: isInByteOrder ? covered : nil))
            position = last
            do {
                guard let next = try await lister.nextWithKeys() else { return }
                (page, objects) = (next, next[...])
            } catch {
                throw BrigadeError(
                    code: .listingFailed,
                    message: "listing \(job.source) stopped \(lister.position): \(error)",
                    cause: error
                )
            }
        }
    }
}
