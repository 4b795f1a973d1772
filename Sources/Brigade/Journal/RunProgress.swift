internal import Keyspace
internal import S3Protocol

/// What ``ProgressRecorder`` keeps under its lock.
struct RunProgress {
    private struct OpenBatch {
        var completion: BatchCompletion
        let objects: Slice<ListPage>

        func key(_ index: Int) -> ArraySlice<UInt8> { objects[objects.startIndex + index].key.bytes }
    }

    /// What the run did.
    var counters = CopyCounters()
    /// Whether the server lists in byte order, as far as was seen in any run.
    private(set) var isInByteOrder: Bool
    /// What failed since the last commit.
    private var failures: [FailedObject] = []
    /// What a verification found missing or different since the last commit.
    private var mismatches: [FailedObject] = []
    /// Whether there is anything to commit.
    private(set) var hasChanged = false
    /// Whether a commit failed, after which there are none any more.
    var isBroken = false

    private let log: CompletionLog
    private var ledger: CompletionLedger
    private var isCovered: Bool
    /// Where a range ended at which no other is known to have begun: from its last key on, what is below that place is
    /// not taken for done.
    private var openEnds: [[UInt8]: [UInt8]] = [:]
    private var generation: Int
    private var run: RunRow
    private var open: [Int: OpenBatch] = [:]
    private var lastBatch = CopyBatch.untracked
    private var resolved: [[UInt8]] = []
    private var skips: [String: Int] = [:]

    /// Begins where earlier runs ended.
    init(_ start: ProgressRecorder.Start, _ log: CompletionLog) {
        self.log = log
        ledger = start.ledger
        isInByteOrder = start.isInByteOrder
        isCovered = start.isCovered
        generation = start.generation
        run = start.run
    }

    /// How full the log is, from 0 to 1.
    var logFill: Double { log.fill }

    /// How many failures and differences wait for a commit.
    var failuresToSave: Int { failures.count + mismatches.count }

    /// Whether everything that the source holds has its verdict, in this run or an earlier one.
    var coversEverything: Bool { isInByteOrder ? ledger.gaps(in: KeyRange()).isEmpty : isCovered }

    // MARK: Listing

    /// Takes note of what was listed.
    ///
    /// - Returns: The parts of it that have no verdict yet.
    mutating func begin(_ batch: ListedBatch) -> [CopyBatch] {
        guard batch.isInByteOrder, isInByteOrder else {
            forgetRanges()
            return [begin(batch.objects, nil)]
        }
        let gaps = ledger.gaps(in: proven(by: batch))
        var parts: [CopyBatch] = []
        for gap in gaps {
            let objects = batch.objects.within(gap)
            if objects.isEmpty {
                ledger.insert(CompletedStretch(gap, objects: 0))
                hasChanged = true
            } else {
                parts.append(begin(objects, gap))
            }
        }
        return parts
    }

    /// The range of which a batch has all keys, also if the run ends here.
    ///
    /// Where one range ends and the next begins, the listing compares what comes next as both tell it (``RangeSeams``),
    /// and delivers neither if they do not agree. So a range's end is proven only when the next one was delivered too;
    /// until then it is proven up to its last key, and a run that goes on lists what follows from there.
    private mutating func proven(by batch: ListedBatch) -> KeyRange {
        if let key = openEnds.removeValue(forKey: batch.after) {
            ledger.insert(CompletedStretch(KeyRange(after: key, through: batch.after), objects: 0))
            hasChanged = true
        }
        let key = batch.objects.last.map { Array($0.key.bytes) } ?? batch.after
        guard let end = batch.through, end != key, !hasBegun(at: end) else {
            return KeyRange(after: batch.after, through: batch.through)
        }
        openEnds[end] = key
        return KeyRange(after: batch.after, through: key)
    }

    /// Whether a range that begins at a bound was delivered, in this run or an earlier one.
    private func hasBegun(at bound: [UInt8]) -> Bool {
        ledger.covers(above: bound) || open.values.contains { $0.completion.range.after == bound }
            || openEnds.values.contains(bound)
    }

    /// What was said of ranges means nothing on such a server.
    mutating func forgetRanges() {
        hasChanged = hasChanged || isInByteOrder
        isInByteOrder = false
        ledger = CompletionLedger()
        open = [:]
        openEnds = [:]
    }

    /// Objects are about to be tried; without a range, nothing can be said of each.
    private mutating func begin(_ objects: Slice<ListPage>, _ range: KeyRange?) -> CopyBatch {
        var batch = CopyBatch(objects: objects, range: range, number: CopyBatch.untracked)
        counters.listed.add(objects: batch.count, bytes: batch.byteCount)
        guard let range else { return batch }
        lastBatch += 1
        open[lastBatch] = OpenBatch(
            completion: BatchCompletion(range, count: objects.count),
            objects: objects
        )
        batch.number = lastBatch
        return batch
    }

    // MARK: Verdicts

    /// An object has its verdict.
    mutating func record(_ verdict: CopyVerdict, on key: ObjectKey, size: Int, batch: Int, index: Int) {
        hasChanged = true
        counters.count(verdict, size: size)
        var kind = CompletionLog.Entry.Kind.copied
        var isDone = true
        if case .skipped(let reason) = verdict {
            kind = .skipped
            skips[reason.rawValue, default: 0] += 1
        } else if case .failed(let failure) = verdict {
            isDone = false
            failures.append(FailedObject(key, size: size, failure))
        }
        guard batch != CopyBatch.retried else {
            if isDone {
                resolved.append(Array(key.bytes))
                log.append(.retried, size: size, KeyRange(after: [], through: Array(key.bytes)))
            }
            return
        }
        complete(index, of: batch) { log, range in
            // A failure and its range are committed together, or not at all.
            if isDone { log.append(kind, size: size, range) }
        }
    }

    /// An object that was copied is not at the destination, or not the same there.
    mutating func record(_ difference: Difference) {
        guard let object = FailedObject(difference) else { return }
        mismatches.append(object)
        hasChanged = true
    }

    /// An object of a batch is done with; a batch that nobody keeps track of any more says nothing.
    private mutating func complete(
        _ index: Int,
        of number: Int,
        note: (CompletionLog, KeyRange) -> Void
    ) {
        guard let place = open.index(forKey: number) else { return }
        open.values[place].completion.complete(index)
        let batch = open.values[place]
        note(log, batch.completion.range(of: index, key: batch.key))
        guard batch.completion.missing == 0 else { return }
        open.remove(at: place)
        ledger.insert(CompletedStretch(batch.completion.range, objects: batch.completion.count))
    }

    // MARK: Commits

    /// What there is to commit; from now on, the log takes what comes after it.
    ///
    /// - Parameter isEndOfListing: Whether the run ends, has listed all that it had to, and every object has its verdict.
    /// - Returns: What to save, all of it at once.
    mutating func snapshot(isEndOfListing: Bool = false) -> JournalDatabase.Snapshot {
        // Without ranges, a run lists everything unless an earlier one has.
        let isListedAnew = isEndOfListing && !isInByteOrder && !isCovered
        if isListedAnew { isCovered = true }
        if isEndOfListing {
            for (end, key) in openEnds {
                ledger.insert(CompletedStretch(KeyRange(after: key, through: end), objects: 0))
            }
            openEnds = [:]
        }
        generation += 1
        log.turn(to: generation)
        hasChanged = false
        var done = ledger
        for batch in open.values {
            for stretch in batch.completion.stretches(key: batch.key) { done.insert(stretch) }
        }
        run.counters = counters
        defer { (failures, mismatches, resolved) = ([], [], []) }
        return JournalDatabase.Snapshot(
            generation: generation,
            run: run,
            isInByteOrder: isInByteOrder,
            isCovered: coversEverything,
            isListedAnew: isListedAnew,
            stretches: done.stretches,
            failures: failures,
            mismatches: mismatches,
            resolved: resolved,
            skips: skips
        )
    }
}

extension FailedObject {
    fileprivate init(_ key: ObjectKey, size: Int, _ failure: CopyFailure) {
        // The page that the key was listed on is not to be kept for it.
        self.init(
            key: ObjectKey(Array(key.bytes)),
            size: size,
            code: failure.code,
            message: failure.message,
            attempts: 1
        )
    }

    /// What a difference says of an object of the source; `nil` of one that only the destination has.
    fileprivate init?(_ difference: Difference) {
        switch difference {
        case .missing(let key, let size):
            self.init(
                key: key,
                size: size,
                code: "Missing",
                message: "the verification found nothing at the destination",
                attempts: 1
            )
        case .size(let key, let size, let copy):
            self.init(
                key: key,
                size: size,
                code: "Different",
                message: "the verification found \(copy) bytes at the destination, and \(size) at the source",
                attempts: 1
            )
        case .etag(let key, let size):
            self.init(
                key: key,
                size: size,
                code: "Different",
                message: "the verification found another ETag at the destination than at the source",
                attempts: 1
            )
        case .extra: return nil
        }
    }
}

extension Slice<ListPage> {
    /// Those whose keys lie in a range.
    fileprivate func within(_ range: KeyRange) -> Slice<ListPage> {
        let first = partitioningIndex { range.after[...].lexicographicallyPrecedes($0.key.bytes) }
        guard let through = range.through else { return self[first...] }
        return self[first..<partitioningIndex { through[...].lexicographicallyPrecedes($0.key.bytes) }]
    }

    /// The first place from which on something holds, if it holds everywhere behind one place.
    private func partitioningIndex(where holds: (ListedObject) -> Bool) -> Int {
        var (low, high) = (startIndex, endIndex)
        while low < high {
            let middle = (low + high) / 2
            if holds(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
