internal import GRDB
internal import S3Protocol

/// A run as the table `run` has it.
struct RunRow: Codable, FetchableRecord, PersistableRecord {
    static let databaseTableName = "run"

    var number: Int
    var startedAt: Int
    var endedAt: Int
    var outcome: RunRecord.Outcome?
    var message: String?
    var listedObjects = 0
    var listedBytes = 0
    var copiedObjects = 0
    var copiedBytes = 0
    var skippedObjects = 0
    var skippedBytes = 0
    var failedObjects = 0
    var failedBytes = 0
    var notTriedObjects = 0
    var notTriedBytes = 0
    var isListingComplete = false
    var requests = 0
    var retries = 0
    /// Ranges that were left to be listed when the run began.
    var ranges: Int?
    /// What the run's verification found, as JSON.
    var verification: VerificationRecord?

    /// A run that begins.
    init(number: Int, startedAt: Int) {
        self.number = number
        self.startedAt = startedAt
        endedAt = startedAt
    }

    /// What the run did.
    var counters: CopyCounters {
        get {
            var counters = CopyCounters()
            counters.listed = amount(listedObjects, listedBytes)
            counters.copied = amount(copiedObjects, copiedBytes)
            counters.skipped = amount(skippedObjects, skippedBytes)
            counters.failed = amount(failedObjects, failedBytes)
            counters.notTried = amount(notTriedObjects, notTriedBytes)
            counters.isListingComplete = isListingComplete
            return counters
        }
        set {
            (listedObjects, listedBytes) = (newValue.listed.objects, newValue.listed.bytes)
            (copiedObjects, copiedBytes) = (newValue.copied.objects, newValue.copied.bytes)
            (skippedObjects, skippedBytes) = (newValue.skipped.objects, newValue.skipped.bytes)
            (failedObjects, failedBytes) = (newValue.failed.objects, newValue.failed.bytes)
            (notTriedObjects, notTriedBytes) = (newValue.notTried.objects, newValue.notTried.bytes)
            isListingComplete = newValue.isListingComplete
        }
    }

    /// The run for whoever reads the journal.
    var record: RunRecord {
        RunRecord(
            number: number,
            startedAt: UTCTime(secondsSinceEpoch: startedAt / 1000),
            duration: .milliseconds(max(0, endedAt - startedAt)),
            outcome: outcome,
            message: message,
            counters: counters,
            requests: requests,
            retries: retries,
            ranges: ranges,
            verification: verification
        )
    }

    private func amount(_ objects: Int, _ bytes: Int) -> CopyCounters.Amount {
        var amount = CopyCounters.Amount()
        amount.add(objects: objects, bytes: bytes)
        return amount
    }
}
