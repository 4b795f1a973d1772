internal import Keyspace
internal import S3Client
internal import S3Protocol
private import Synchronization

/// What a run has done, on its way into the journal.
///
/// Verdicts are noted in memory and in the ``CompletionLog``, which takes a fraction of a microsecond; four times a
/// second they are committed together, while further ones are noted. Memory holds a bit for each object under way, and
/// a range for each gap.
final class ProgressRecorder: Sendable {
    /// Where a run begins.
    struct Start {
        var ledger: CompletionLedger
        var isInByteOrder: Bool
        var isCovered: Bool
        var generation: Int
        var run: RunRow
        /// Whether an earlier run copied anything.
        var hasCopied: Bool
    }

    /// How long verdicts wait for a commit, at least.
    private static let period = Duration.milliseconds(250)
    /// A commit takes no more than one part in so many of the time.
    private static let pauseFactor = 20
    /// Failures that wait for a commit before copiers do: they are kept in memory whole.
    private static let failuresAhead = 10_000

    /// What is left to be listed; `nil` for everything, as in a new job, or where ranges mean nothing.
    let remaining: [KeyRange]?
    /// The run's number, from 1.
    let run: Int
    /// Whether an earlier run copied anything.
    let hasCopied: Bool

    private let journal: JobJournal
    private let state: Mutex<RunProgress>

    /// Begins to record a run.
    init(_ journal: JobJournal, _ start: Start, _ log: sending CompletionLog) {
        self.journal = journal
        run = start.run.number
        hasCopied = start.hasCopied
        if start.isInByteOrder {
            let isNew = start.ledger.stretches.isEmpty
            // So many keys take a page, as would a range of its own.
            remaining = isNew ? nil : start.ledger.rangesToList(in: KeyRange(), mergingAcross: 1000)
        } else {
            remaining = start.isCovered ? [] : nil
        }
        state = Mutex(RunProgress(start, log))
    }

    /// Waits while commits have fallen so far behind that no more may be noted.
    func waitWhileBehind() async {
        while state.withLock({ !$0.isBroken && ($0.failuresToSave >= Self.failuresAhead || $0.logFill > 0.95) }) {
            guard (try? await Task.sleep(for: .milliseconds(5))) != nil else { return }
        }
    }

    /// Whether the server lists in byte order, as far as was seen in any run.
    var isInByteOrder: Bool { state.withLock { $0.isInByteOrder } }

    // MARK: Events

    /// Takes note of what was listed.
    ///
    /// - Returns: The parts of it that have no verdict yet.
    func begin(_ batch: ListedBatch) -> [CopyBatch] {
        state.withLock { $0.begin(batch) }
    }

    /// The server turned out not to list in byte order: nothing is known of ranges any more.
    func forgetRanges() {
        state.withLock { $0.forgetRanges() }
    }

    /// An object that had failed in an earlier run is about to be tried again.
    func beginRetry(size: Int) {
        state.withLock { $0.counters.listed.add(bytes: size) }
    }

    /// An object has its verdict.
    func record(_ verdict: CopyVerdict, on item: CopyItem) {
        record(verdict, on: item.object.key, size: item.object.size, batch: item.batch, index: item.index)
    }

    /// An object that had failed in an earlier run has its verdict.
    func record(_ verdict: CopyVerdict, onRetried failed: FailedObject) {
        record(verdict, on: failed.key, size: failed.size, batch: CopyBatch.retried, index: 0)
    }

    /// The verification found a difference: the next run copies what is missing or different, as what failed.
    func record(_ difference: Difference) {
        state.withLock { $0.record(difference) }
    }

    private func record(_ verdict: CopyVerdict, on key: ObjectKey, size: Int, batch: Int, index: Int) {
        state.withLock { $0.record(verdict, on: key, size: size, batch: batch, index: index) }
    }

    // MARK: Commits

    /// Commits until the task is cancelled.
    ///
    /// - Throws: ``BrigadeError`` with the code `journalFailed`.
    func commitRegularly() async throws(BrigadeError) {
        let clock = ContinuousClock()
        while !Task.isCancelled {
            let start = clock.now
            try await commit()
            let next = clock.now.advanced(by: max(Self.period, (clock.now - start) * Self.pauseFactor))
            while clock.now < next, !isNearlyBehind {
                guard (try? await Task.sleep(for: .milliseconds(25))) != nil else { return }
            }
        }
    }

    private var isNearlyBehind: Bool {
        state.withLock { $0.failuresToSave >= Self.failuresAhead / 2 || $0.logFill > 0.5 }
    }

    /// Commits what was noted since the last time.
    ///
    /// - Throws: ``BrigadeError`` with the code `journalFailed`.
    func commit() async throws(BrigadeError) {
        let hasSamples = journal.hasUnsavedSamples
        guard let snapshot = state.withLock({ $0.hasChanged || hasSamples ? $0.snapshot() : nil }) else { return }
        try await save(snapshot)
    }

    /// Commits the run's end, whatever it was.
    ///
    /// - Throws: ``BrigadeError`` with the code `journalFailed`.
    func finish(_ summary: CopySummary) async throws(BrigadeError) {
        let isBroken = state.withLock { $0.isBroken }
        guard !isBroken else { return }
        let snapshot = state.withLock { state in
            let isWhole = summary.counters.isListingComplete && summary.counters.notTried.objects == 0
            var snapshot = state.snapshot(isEndOfListing: isWhole && summary.abortedBy == nil)
            snapshot.run.requests = summary.client.requests.values.reduce(0, +)
            snapshot.run.retries = summary.client.retries
            snapshot.run.message = summary.abortedBy?.message
            snapshot.run.verification = summary.verification.map(VerificationRecord.init)
            snapshot.run.counters.notTried = summary.counters.notTried
            snapshot.run.counters.isListingComplete = summary.counters.isListingComplete
            snapshot.run.outcome =
                summary.abortedBy != nil ? .aborted : summary.wasStopped ? .interrupted : .complete
            return snapshot
        }
        try await save(snapshot)
        journal.endRun()
    }

    private func save(_ snapshot: JournalDatabase.Snapshot) async throws(BrigadeError) {
        do throws(BrigadeError) {
            try await journal.save(snapshot)
        } catch {
            state.withLock { $0.isBroken = true }
            throw error
        }
    }

    /// Whether everything that the source holds has its verdict, in this run or an earlier one.
    var isCovered: Bool { state.withLock { $0.coversEverything } }
}
