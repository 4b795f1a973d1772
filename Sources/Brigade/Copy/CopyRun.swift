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

    /// What of a job a run does.
    public enum Scope: Sendable {
        /// What no run has done yet, and what failed.
        case everything
        /// What failed in earlier runs.
        case failedOnly
    }

    /// Pages that are listed ahead of the copiers, beside the one that each fetcher holds: 16,000 keys on S3, of which
    /// each takes its length and about a hundred bytes.
    private static let pagesAhead = 16

    private struct State {
        var counters = CopyCounters()
        var hasBegun = false
        var abortedBy: BrigadeError?
        var unreachable: UnreachableStreak
        var openingFailures: OpeningFailures
    }

    private let job: CopyJob
    private let client: S3Client
    private let onEvent: @Sendable (Event) -> Void
    private let lister: Lister
    private let queue: CopyQueue
    private let state: Mutex<State>
    private let stopSignal = StopSignal()
    private let timeAtCeilingBefore: Duration
    private let scope: Scope
    private let listsSource: Bool
    private let recorder: ProgressRecorder?
    private let retried: FailedObjectLister?
    private let conditions: SourceConditions
    private let verification: ComparisonRun?

    /// Prepares a run; nothing is sent yet.
    ///
    /// - Parameters:
    ///   - job: What to do.
    ///   - client: The client to do it with; it should have a connection for each copy and each fetcher.
    ///   - journal: Where to keep what is done, and where earlier runs of the job kept it: this run then does what they
    ///     left, and tries again what failed. `nil`, the default, for a run that cannot be resumed.
    ///   - scope: What of the job to do; all of it by default.
    ///   - onNotice: Called when the source turns out not to list as it should.
    ///   - onEvent: Called for each object that is skipped or fails.
    /// - Throws: ``BrigadeError`` with the code `invalidJob`, or `journalFailed`.
    public init(
        _ job: CopyJob,
        client: S3Client,
        journal: JobJournal? = nil,
        scope: Scope = .everything,
        onNotice: @escaping @Sendable (ListNotice) -> Void = { _ in },
        onEvent: @escaping @Sendable (Event) -> Void = { _ in }
    ) throws(BrigadeError) {
        try job.validate()
        self.job = job
        self.client = client
        self.onEvent = onEvent
        queue = CopyQueue(job.scheduling(retry: client.configuration.retry, pagesAhead: Self.pagesAhead))
        timeAtCeilingBefore = client.timeAtCeiling
        self.scope = scope
        let recorder = try journal?.beginRun()
        self.recorder = recorder
        state = Mutex(
            State(
                unreachable: UnreachableStreak(limit: job.concurrency),
                openingFailures: OpeningFailures(hasCopied: recorder?.hasCopied == true)
            )
        )
        var listing = job.listing
        listing.ranges = scope == .failedOnly ? [] : recorder?.remaining
        // Ranges are of no use on a server that was seen not to list in byte order.
        if recorder?.isInByteOrder == false { listing.fetchers = 1 }
        listsSource = listing.ranges?.isEmpty != true
        conditions = SourceConditions { onEvent(.conditionsRefused) }
        verification =
            job.isVerified
            ? try ComparisonRun(job.comparison, client: client) { difference in
                onEvent(.difference(difference))
                recorder?.record(difference)
                await recorder?.waitWhileBehind()
            } : nil
        lister = Lister(listing, client: client, onNotice: onNotice)
        if let journal, let recorder, listing.ranges != nil {
            retried = FailedObjectLister(
                client: client,
                source: job.source.bucket,
                journal: journal,
                run: recorder.run,
                workers: job.fetchers
            )
        } else {
            retried = nil
        }
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
    /// What is not finished within ``CopyJob/stopGrace`` is abandoned, and counted as not tried too. Listing is cut
    /// short. Requests that wait to be sent again after a failure still are; ``S3Client/stopRetrying()`` ends that too.
    public func stop() {
        stopSignal.raise()
        endListing()
        verification?.stop()
    }

    /// Does the job; to be called once.
    ///
    /// - Parameter onBegin: Called when the buckets were found usable and the first copy is about to be made.
    /// - Returns: What was done, also when the run ended early; ``CopySummary/isComplete`` tells.
    /// - Throws: ``BrigadeError`` if the run could not start; nothing was written to the destination then.
    public func run(onBegin: () -> Void = {}) async throws(BrigadeError) -> CopySummary {
        state.withLock { state in
            precondition(!state.hasBegun, "a run is run once")
            state.hasBegun = true
        }
        let clock = ContinuousClock()
        let start = clock.now
        let before = await client.statistics()
        let preflight = Preflight(client: client, job: job, stopSignal: stopSignal)
        var opening: Lister.Opening?
        do throws(BrigadeError) {
            if listsSource { opening = try await preflight.open(lister) }
            try await preflight.checkDestination()
        } catch {
            if !stopSignal.isRaised { abort(error, discardingQueue: false) }
            let summary = await finish(duration: clock.now - start, since: before)
            guard stopSignal.isRaised else { throw error }
            return summary
        }
        onBegin()
        await withTaskCancellationHandler {
            await work(from: opening)
        } onCancel: {
            stop()
        }
        let duration = clock.now - start
        let found = await verify()
        return await finish(duration: duration, since: before, verification: found)
    }

    /// What runs side by side.
    private enum Part { case copies, journal, graceAfterStop }

    /// Lists and copies, commits meanwhile, and abandons what is still under way a while after the stop.
    private func work(from opening: Lister.Opening?) async {
        await withTaskGroup(of: Part.self) { group in
            group.addTask { [self] in
                await listAndCopy(from: opening)
                return .copies
            }
            group.addTask { [self] in
                await stopSignal.wait()
                try? await Task.sleep(for: job.stopGrace)
                return .graceAfterStop
            }
            group.addTask { [self] in
                await keepJournal()
                return .journal
            }
            for await part in group where part != .journal { group.cancelAll() }
        }
    }

    private func listAndCopy(from opening: Lister.Opening?) async {
        await withTaskGroup { group in
            for worker in 0..<job.concurrency {
                group.addTask { [self] in
                    await client.withConnectionLoop(worker) { _ in await copyUntilEmpty(as: worker) }
                }
            }
            group.addTask { [queue] in await queue.keepTime() }
            if let opening {
                await feed(from: opening)
            } else if recorder?.isCovered == true {
                state.withLock { $0.counters.isListingComplete = true }
            }
            if let retried { await feed(from: retried) }
            queue.finish()
        }
    }

    /// Compares both places, if that was asked for and everything was copied that could be.
    private func verify() async -> ComparisonSummary? {
        guard let verification, !stopSignal.isRaised else { return nil }
        let isDone = state.withLock { $0.abortedBy == nil && $0.counters.isListingComplete }
        guard isDone else { return nil }
        return await withTaskGroup(of: Void.self) { group in
            group.addTask { [self] in await keepJournal() }
            defer { group.cancelAll() }
            return await verification.run()
        }
    }

    /// Commits what is done until the task is cancelled; without a journal, the run ends.
    private func keepJournal() async {
        do throws(BrigadeError) {
            try await recorder?.commitRegularly()
        } catch {
            abort(error, discardingQueue: true)
            verification?.stop()
        }
    }

    // MARK: Listing

    /// Puts everything that the source holds into the queue, in no order, but for what earlier runs have done.
    private func feed(from opening: Lister.Opening) async {
        let end = await lister.run(from: opening) { [self] batch in
            let parts = recorder?.begin(batch) ?? [CopyBatch(untracked: batch)]
            for part in parts {
                let bytes = part.byteCount
                state.withLock { $0.counters.listed.add(objects: part.count, bytes: bytes) }
                if await queue.put(part) { continue }
                state.withLock { $0.counters.notTried.add(objects: part.count, bytes: bytes) }
                throw CancellationError()
            }
        }
        // It may have shown itself behind what was delivered.
        if !lister.isInByteOrder { recorder?.forgetRanges() }
        switch end {
        case .complete: state.withLock { $0.counters.isListingComplete = true }
        case .stopped: break
        case .failed(let error):
            let isUnordered = error.code == .notInByteOrder
            if isUnordered { recorder?.forgetRanges() }
            // On such a server all of it is listed again, by whoever goes on.
            abort(error, discardingQueue: isUnordered)
        }
    }

    /// Puts what failed in earlier runs into the queue, as it is now.
    private func feed(from retried: FailedObjectLister) async {
        do {
            try await stopSignal.cutShort { [self] in
                try await retried.run { [self] failed, outcome in
                    state.withLock { $0.counters.listed.add(bytes: failed.size) }
                    recorder?.beginRetry(size: failed.size)
                    switch outcome {
                    case .listed(let objects):
                        if await queue.put(CopyBatch(objects: objects, range: nil, number: CopyBatch.retried)) {
                            return
                        }
                        state.withLock { $0.counters.notTried.add(bytes: failed.size) }
                        throw CancellationError()
                    case .gone: await record(.skipped(.deletedMeanwhile), onRetried: failed)
                    case .failed(let failure): await record(.failed(failure), onRetried: failed)
                    }
                }
            }
        } catch let error as BrigadeError {
            abort(error, discardingQueue: true)
        } catch {
            // It was stopped; the journal knows what is left.
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
        while let turn = await queue.next(for: number) {
            let item = turn.item
            do throws(JobEndingError) {
                switch try await copier.copy(item.object, attempt: turn.attempt) {
                case .verdict(let verdict, let isAnswered):
                    queue.finished(turn, isAnswered: isAnswered)
                    await record(verdict, on: item)
                case .failed(let kind, let failure):
                    switch queue.failed(turn, kind, isTimeout: failure.isTimeout) {
                    case .again: break
                    case .giveUp: await record(.failed(failure), on: item)
                    case .dropped: state.withLock { $0.counters.notTried.add(bytes: item.object.size) }
                    }
                }
            } catch {
                queue.finished(turn, isAnswered: false)
                if Task.isCancelled {
                    state.withLock { $0.counters.notTried.add(bytes: item.object.size) }
                    continue
                }
                await record(.failed(CopyFailure(error.cause)), on: item)
                abort(.allWouldFail(error.cause), discardingQueue: true)
            }
            await recorder?.waitWhileBehind()
        }
    }

    private func record(_ verdict: CopyVerdict, on item: CopyItem) async {
        recorder?.record(verdict, on: item)
        let isRetried = item.batch == CopyBatch.retried
        await count(verdict, on: item.object.key, size: item.object.size, isRetried: isRetried)
    }

    private func record(_ verdict: CopyVerdict, onRetried failed: FailedObject) async {
        recorder?.record(verdict, onRetried: failed)
        await count(verdict, on: failed.key, size: failed.size, isRetried: true)
    }

    private func count(_ verdict: CopyVerdict, on key: ObjectKey, size: Int, isRetried: Bool) async {
        let (isPerhapsGone, isHopeless) = state.withLock { state in
            state.counters.count(verdict, size: size)
            // What was refused before says nothing of the others if it is refused again.
            return (state.unreachable.note(verdict), !isRetried && state.openingFailures.note(verdict))
        }
        switch verdict {
        case .copied, .copiedNewer: break
        case .failed(let failure):
            onEvent(.failed(key, size: size, failure))
            if isPerhapsGone { await endUnlessReachable(failure) }
            if isHopeless { abort(.allRefused(failure, job), discardingQueue: true) }
        case .skipped(let reason): onEvent(.skipped(key, size: size, reason))
        }
    }

    /// Every copier in turn has failed for good to reach the service, with no success between; unless it answers something
    /// else, it is gone.
    private func endUnlessReachable(_ failure: CopyFailure) async {
        do {
            _ = try await client.listObjects(job.destination.bucket, maximumKeys: 1)
        } catch  where CopyFailure(error).isUnreachable {
            return abort(.unreachable(failure), discardingQueue: true)
        } catch {
            // It answers, whatever it says.
        }
        state.withLock { $0.unreachable.answered() }
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
            for item in discarded { state.counters.notTried.add(bytes: item.object.size) }
        }
    }

    /// The summary, once the journal has it too.
    private func finish(
        duration: Duration,
        since before: ClientStatistics,
        verification: ComparisonSummary? = nil
    ) async -> CopySummary {
        var summary = await summary(duration: duration, since: before)
        summary.verification = verification
        do throws(BrigadeError) {
            try await recorder?.finish(summary)
        } catch {
            summary.abortedBy = summary.abortedBy ?? error
        }
        return summary
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
            summary.scope = scope
            return summary
        }
    }
}
