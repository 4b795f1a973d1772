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
    private let inquiry: SeamInquiry
    private let onNotice: @Sendable (ListNotice) -> Void
    private let tally = ListTally()
    private let stopSignal = StopSignal()
    private let order = Mutex(true)
    private let pagesAtOnce = Atomic(1)
    private let hasToldOfRepeats = Atomic(false)

    /// Prepares a listing; nothing is sent yet.
    init(_ job: ListJob, client: S3Client, onNotice: @escaping @Sendable (ListNotice) -> Void) {
        self.job = job
        self.client = client
        self.onNotice = onNotice
        source = PageSource(client: client, location: job.source, tally: tally, pageSize: job.pageSize)
        inquiry = SeamInquiry(source: source)
    }

    /// How far the listing is.
    var counters: ListCounters { tally.counters }

    /// Whether the server lists in byte order, as far as was seen.
    var isInByteOrder: Bool { order.withLock { $0 } }

    /// The pages that are asked for at once at most: one where the source is listed serially.
    var fetchers: Int { pagesAtOnce.load(ordering: .relaxed) }

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
        try await stopSignal.cutShort { [source, job] in
            let start = job.ranges?.first?.after ?? []
            var walk = source.walk(startAfter: start.isEmpty ? nil : ObjectKey(start))
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
        } catch  where stopSignal.isRaised || Task.isCancelled {
            return .stopped
        } catch let error as BrigadeError {
            return .failed(error)
        } catch {
            preconditionFailure("a listing ends with an error of this module, not with \(error)")
        }
    }

    // MARK: The way to list

    /// Pages that are listed serially before ranges are cut, unless they are all: what is gained on them by fetchers
    /// would not pay for the requests that cuts and a probe can cost.
    private static let serialPages = 3

    private func list(from opening: Opening, _ deliver: @escaping Receiver) async throws {
        if let ranges = job.ranges { return try await list(ranges, from: opening, deliver) }
        var walk = SerialWalk(page: opening.page, rest: opening.rest)
        countRepeated(walk.repeatedObjects)
        if job.fetchers > 1, let pages = try await begin(&walk, deliver) {
            do {
                return try await listInParallel(from: pages, deliver)
            } catch let error as ParallelLister.Unsuitable {
                guard let delivered = error.deliveredOfLastPage else { throw tooLate(error.notice, from: error.seam) }
                pagesAtOnce.store(1, ordering: .relaxed)
                try note(error.notice)
                walk.skip(delivered)
            }
        }
        repeat { try await deliverPage(of: &walk, deliver) } while try await advance(&walk)
    }

    /// Lists with all fetchers from the last of the first pages on.
    private func listInParallel(from pages: [ListPage], _ deliver: @escaping Receiver) async throws {
        let lister = ParallelLister(
            job,
            client: client,
            source: source,
            inquiry: inquiry,
            pages: pages,
            deliver: deliver,
            countRepeated: { [self] in countRepeated($0) }
        )
        if lister.hasOnlyUselessSplitPoints { onNotice(.splitPointsUseless) }
        pagesAtOnce.store(job.fetchers, ordering: .relaxed)
        try await lister.run()
    }

    /// Lists what an earlier run left, from the first page of the first range on.
    private func list(_ ranges: [KeyRange], from opening: Opening, _ deliver: @escaping Receiver) async throws {
        if job.fetchers > 1 {
            do {
                return try await listInParallel(from: [opening.page], deliver)
            } catch let error as ParallelLister.Unsuitable {
                throw tooLate(error.notice, from: error.seam)
            }
        }
        var walk = SerialWalk(page: opening.page, rest: opening.rest, after: ranges.first?.after ?? [])
        for (index, range) in ranges.enumerated() {
            if index > 0 { walk = try await self.walk(startAfter: range.after) }
            try await list(range, by: &walk, deliver)
        }
    }

    /// Lists a range page by page.
    private func list(_ range: KeyRange, by walk: inout SerialWalk, _ deliver: Receiver) async throws {
        countRepeated(walk.repeatedObjects)
        while true {
            if let notice = walk.violation { throw tooLate(notice) }
            let position = walk.position
            let objects = walk.page.prefix { range.contains($0.key.bytes) }
            let last = objects.last.map { Array($0.key.bytes) } ?? position
            let isAtEnd = objects.count < walk.page.count || !walk.page.isTruncated || last == range.through
            if isAtEnd, let end = range.through {
                let next = walk.page.dropFirst(objects.count).first.map { RangeSeams.Next.key(Array($0.key.bytes)) }
                let told = next ?? (walk.page.isTruncated ? .unknown : .end)
                if try await inquiry.gap(behind: end, start: position, listed: last, told: told) != nil {
                    throw tooLate(.notInByteOrder, from: ObjectKey(end))
                }
            }
            try await deliver(
                ListedBatch(objects, covering: KeyRange(after: position, through: isAtEnd ? range.through : last))
            )
            if isAtEnd { return }
            walk.skip(objects.count)
            _ = try await advance(&walk)
        }
    }

    /// A walk from behind a key, at its first page.
    private func walk(startAfter key: [UInt8]) async throws -> SerialWalk {
        var rest = source.walk(startAfter: ObjectKey(key))
        do {
            guard let page = try await rest.nextWithKeys() else { preconditionFailure("a walk has a first page") }
            return SerialWalk(page: page, rest: rest, after: key)
        } catch {
            throw failure(rest.position, error)
        }
    }

    /// Lists the first pages, and finds out meanwhile whether the server can be listed in ranges.
    ///
    /// - Returns: The first pages, of which all but the last were delivered; `nil` if the walk is to go on to its end.
    private func begin(_ walk: inout SerialWalk, _ deliver: Receiver) async throws -> [ListPage]? {
        var pages: [ListPage] = []
        while walk.page.isTruncated {
            if let notice = walk.violation {
                try note(notice)
                return nil
            }
            pages.append(walk.page)
            if pages.count == Self.serialPages { return pages }
            try await deliverPage(of: &walk, deliver)
            // The last of these pages arrives while the question is answered.
            let probe = pages.count == Self.serialPages - 1 ? OrderProbe(pages, prefix: job.source.prefix) : nil
            async let verdict = verdict(of: probe)
            _ = try await advance(&walk)
            if let notice = try await verdict {
                try note(notice)
                return nil
            }
        }
        return nil
    }

    /// What the server's answer to a question says; `nil` without a question, or if all is well.
    private func verdict(of probe: OrderProbe?) async throws -> ListNotice? {
        guard let probe else { return nil }
        do {
            switch probe.verdict(on: try await source.firstKey(after: probe.startAfter)) {
            case .fine: return nil
            case .unsuitable(let notice): return notice
            case .unsuitableIfKnownExists(let notice): return try await source.holds(probe.known) ? notice : nil
            }
        } catch let error as S3ResponseError where [400, 501].contains(error.status) {
            return .startAfterIgnored
        } catch {
            throw failure("at its beginning", error)
        }
    }

    // MARK: Serially

    /// Delivers what is left of the page at hand.
    private func deliverPage(of walk: inout SerialWalk, _ deliver: Receiver) async throws {
        guard !walk.objects.isEmpty || !walk.page.isTruncated else { return }
        if walk.violation != nil {
            do {
                try source.checkPrefix(of: walk.objects.lazy.map(\.key))
            } catch {
                throw failure(walk.rest.position, error)
            }
            if isInByteOrder { try noteDisorder() }
        }
        let batch = ListedBatch(walk.objects, covering: isInByteOrder ? walk.range : nil)
        walk.skip(batch.objects.count)
        try await deliver(batch)
    }

    /// Asks for the next page, with the server's own token.
    ///
    /// - Returns: Whether there was one.
    private func advance(_ walk: inout SerialWalk) async throws -> Bool {
        do {
            let before = walk.repeatedObjects
            let isThere = try await walk.advance()
            countRepeated(walk.repeatedObjects - before)
            return isThere
        } catch {
            throw failure(walk.rest.position, error)
        }
    }

    // MARK: What a server does instead

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

    /// Takes note of objects that were left out, since the server had told their keys just before.
    private func countRepeated(_ objects: Int) {
        guard objects > 0 else { return }
        tally.countRepeated(objects)
        if !hasToldOfRepeats.exchange(true, ordering: .relaxed) { onNotice(.keysRepeated) }
    }

    private func tooLate(_ notice: ListNotice, from seam: ObjectKey? = nil) -> BrigadeError {
        if notice == .notInByteOrder { order.withLock { $0 = false } }
        let behaviour =
            if let seam {
                "lists other keys from '\(seam)' on than from the keys below it"
            } else if notice == .startAfterIgnored {
                "does not always list from the key that it is asked to"
            } else {
                "does not list in byte order"
            }
        return BrigadeError(
            code: .notInByteOrder,
            message: "listing \(job.source) was given up: the server \(behaviour), which showed only after "
                + "\(counters.objects) objects, so that some could be missed; list it serially, with one fetcher "
                + "(--fetchers 1)"
        )
    }

    private func failure(_ place: String, _ cause: any Error) -> BrigadeError {
        BrigadeError(code: .listingFailed, message: "listing \(job.source) stopped \(place): \(cause)", cause: cause)
    }
}
