public import FlowControl
public import S3Client
public import S3Protocol
private import Synchronization

/// One run of a ``CopyJob``: fetchers feed a bounded queue with what they list, and a fixed number of copiers empties
/// it.
public final class CopyRun: Sendable {
    /// What the run tells of single objects, as it happens, from any thread.
    public enum Event: Sendable {
        /// An object could not be copied.
        case failed(ObjectKey, size: Int, CopyFailure)
        /// An object was left out.
        case skipped(ObjectKey, size: Int, CopyVerdict.SkipReason)
        /// The server makes no copies on the condition that the source is unchanged; a change is noticed by the ETag of
        /// the copy alone. Told once.
        case conditionsRefused
        /// The verification found a difference.
        case difference(Difference)
    }

    /// Pages that are listed ahead of the copiers, beside the one that each fetcher holds: 16,000 keys on S3, of which
    /// each takes its length and about a hundred bytes.
    private static let pagesAhead = 16

    private struct State {
        var counters = CopyCounters()
        var hasBegun = false
        var abortedBy: BrigadeError?
        /// Objects in a row that failed because the service could not be reached.
        var unreachableInARow = 0
        var openingFailures = OpeningFailures()
    }

    private let job: CopyJob
    private let client: S3Client
    private let onEvent: @Sendable (Event) -> Void
    private let lister: Lister
    private let queue: CopyQueue
    private let state = Mutex(State())
    private let stopSignal = StopSignal()
    private let timeAtCeilingBefore: Duration
    private let conditions: SourceConditions
    private let verification: ComparisonRun?

    /// Prepares a run; nothing is sent yet.
    ///
    /// - Parameters:
    ///   - job: What to do.
    ///   - client: The client to do it with; it should have a connection for each copy and each fetcher.
    ///   - onNotice: Called when the source turns out not to list as it should.
    ///   - onEvent: Called for each object that is skipped or fails.
    /// - Throws: ``BrigadeError`` with the code `invalidJob`.
    public init(
        _ job: CopyJob,
        client: S3Client,
        onNotice: @escaping @Sendable (ListNotice) -> Void = { _ in },
        onEvent: @escaping @Sendable (Event) -> Void = { _ in }
    ) throws(BrigadeError) {
        try job.validate()
        self.job = job
        self.client = client
        self.onEvent = onEvent
        queue = CopyQueue(job.scheduling(retry: client.configuration.retry, pagesAhead: Self.pagesAhead))
        timeAtCeilingBefore = client.timeAtCeiling
        conditions = SourceConditions { onEvent(.conditionsRefused) }
        verification =
            job.isVerified
            ? try ComparisonRun(job.comparison, client: client, onDifference: { onEvent(.difference($0)) }) : nil
        lister = Lister(job.listing, client: client, onNotice: onNotice)
    }

    /// How far the run is.
    public var counters: CopyCounters { state.withLock { $0.counters } }

    /// How the run is paced.
    public var flow: FlowFigures {
        var figures = queue.figures
        figures.timeAtCeiling += client.timeAtCeiling - timeAtCeilingBefore
        return figures
    }
    /// How far the verification is; `nil` if none was asked for.
    public var verificationCounters: ComparisonCounters? { verification?.counters }

    /// Ends the run soon: what is under way is finished, what is listed but not begun is counted as not tried.
    ///
    /// Listing is cut short. Requests that wait to be sent again after a failure still are; ``S3Client/stopRetrying()`` ends that too.
    public func stop() {
        stopSignal.raise()
        endListing()
        verification?.stop()
    }

    /// Does the job; to be called once.
    ///
    /// - Returns: What was done, also when the run ended early; ``CopySummary/isComplete`` tells.
    /// - Throws: ``BrigadeError`` if the run could not start; nothing was written then.
    public func run() async throws(BrigadeError) -> CopySummary {
        state.withLock { state in
            precondition(!state.hasBegun, "a run is run once")
            state.hasBegun = true
        }
        let clock = ContinuousClock()
        let start = clock.now
        let before = await client.statistics()
        let preflight = Preflight(client: client, job: job, stopSignal: stopSignal)
        let opening: Lister.Opening
        do throws(BrigadeError) {
            opening = try await preflight.open(lister)
            try await preflight.checkDestination()
        } catch {
            guard stopSignal.isRaised else { throw error }
            return await summary(duration: clock.now - start, since: before)
        }
        await withTaskCancellationHandler {
            await withTaskGroup { group in
                for worker in 0..<job.concurrency {
                    group.addTask { [self] in
                        await client.withConnectionLoop(worker) { _ in await copyUntilEmpty(as: worker) }
                    }
                }
                group.addTask { [queue] in await queue.keepTime() }
                await feed(from: opening)
                queue.finish()
            }
        } onCancel: {
            stop()
        }
        let duration = clock.now - start
        let found = await verify()
        var summary = await summary(duration: duration, since: before)
        summary.verification = found
        return summary
    }

    /// Compares both places, if that was asked for and everything was copied that could be.
    private func verify() async -> ComparisonSummary? {
        guard let verification, !stopSignal.isRaised else { return nil }
        let isDone = state.withLock { $0.abortedBy == nil && $0.counters.isListingComplete }
        return isDone ? await verification.run() : nil
    }

    // MARK: Listing

    /// Puts everything that the source holds into the queue, in no order.
    private func feed(from opening: Lister.Opening) async {
        let end = await lister.run(from: opening) { [self] batch in
            let (objects, bytes) = (batch.objects.count, batch.byteCount)
            state.withLock { $0.counters.listed.add(objects: objects, bytes: bytes) }
            if await queue.put(batch) { return }
            state.withLock { $0.counters.notTried.add(objects: objects, bytes: bytes) }
            throw CancellationError()
        }
        switch end {
        case .complete: state.withLock { $0.counters.isListingComplete = true }
        case .stopped: break
        case .failed(let error): abort(error, discardingQueue: false)
        }
    }

    // MARK: Copying

    /// What each copier does, on the event loop that carries its connection.
    private func copyUntilEmpty(as number: Int) async {
        let copier = Copier(
            client: client,
            source: job.source.bucket,
            destination: job.destination.bucket,
            mapping: job.mapping,
            isDryRun: job.isDryRun,
            conditions: conditions
        )
        while let item = await queue.next(for: number) {
            let object = item.object
            do throws(JobEndingError) {
                switch try await copier.copy(object, attempt: item.attempt) {
                case .verdict(let verdict, let isAnswered):
                    queue.finished(item, isAnswered: isAnswered)
                    record(verdict, on: object)
                case .failed(let kind, let failure):
                    switch queue.failed(item, kind, isTimeout: failure.isTimeout) {
                    case .again: break
                    case .giveUp: record(.failed(failure), on: object)
                    case .dropped: state.withLock { $0.counters.notTried.add(bytes: object.size) }
                    }
                }
            } catch {
                queue.finished(item, isAnswered: false)
                if Task.isCancelled {
                    state.withLock { $0.counters.notTried.add(bytes: object.size) }
                    continue
                }
                record(.failed(CopyFailure(error.cause)), on: object)
                abort(
                    BrigadeError(
                        code: .destinationUnavailable,
                        message: "copying stopped, since every object would fail alike: \(error.cause)",
                        cause: error.cause
                    ),
                    discardingQueue: true
                )
            }
        }
    }

    private func record(_ verdict: CopyVerdict, on object: ListedObject) {
        let size = object.size
        let (unreachableInARow, isHopeless) = state.withLock { state in
            state.counters.count(verdict, size: size)
            if case .failed(let failure) = verdict, failure.isUnreachable {
                state.unreachableInARow += 1
            } else {
                state.unreachableInARow = 0
            }
            return (state.unreachableInARow, state.openingFailures.note(verdict))
        }
        switch verdict {
        case .copied, .copiedNewer: break
        case .failed(let failure):
            onEvent(.failed(object.key, size: size, failure))
            if unreachableInARow >= job.concurrency { abortSinceUnreachable(failure) }
            if isHopeless { abortSinceRefused(failure) }
        case .skipped(let reason): onEvent(.skipped(object.key, size: size, reason))
        }
    }

    /// Every copier in turn has failed for good to reach the service, with no success between: it is gone.
    private func abortSinceUnreachable(_ failure: CopyFailure) {
        abort(
            BrigadeError(
                code: .destinationUnavailable,
                message: "copying stopped, since the service could not be reached any more: \(failure.message)"
            ),
            discardingQueue: true
        )
    }

    /// Not one object could be copied, and all were refused alike.
    private func abortSinceRefused(_ failure: CopyFailure) {
        abort(
            BrigadeError(
                code: .destinationUnavailable,
                message:
                    "copying stopped, since the first \(OpeningFailures.limit) objects were all refused and none was "
                    + "copied; to copy, the credentials need to read the objects of \(job.source) and to write to "
                    + "\(job.destination), with their tags and keys of encryption: \(failure.message)"
            ),
            discardingQueue: true
        )
    }

    // MARK: Ends

    private func abort(_ error: BrigadeError, discardingQueue: Bool) {
        state.withLock { $0.abortedBy = $0.abortedBy ?? error }
        if discardingQueue { endListing() }
    }

    /// Lists no further, and throws away what was listed and not begun.
    private func endListing() {
        lister.stop()
        let discarded = queue.discard()
        state.withLock { state in
            for object in discarded { state.counters.notTried.add(bytes: object.size) }
        }
    }

    private func summary(duration: Duration, since before: ClientStatistics) async -> CopySummary {
        let statistics = await client.statistics() - before
        return state.withLock { state in
            var summary = CopySummary()
            summary.counters = state.counters
            summary.client = statistics
            summary.flow = flow
            summary.duration = duration
            summary.abortedBy = state.abortedBy
            summary.wasStopped = stopSignal.isRaised
            return summary
        }
    }
}
