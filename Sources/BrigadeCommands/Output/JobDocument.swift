internal import Brigade
internal import S3Client
internal import S3Protocol

/// A job as `brigade jobs` and `brigade report` tell of it in JSON.
struct JobDocument: Encodable {
    struct Run: Encodable {
        var number: Int
        var startedAt: String
        var seconds: Double
        var outcome: String
        var message: String?
        var objects: [String: Int]
        var bytes: [String: Int]
        var listingComplete: Bool
        /// Left out where the run did not come to its end, after which they are counted.
        var requests: Int?
        var retries: Int?
        /// The ranges that were left to be listed when it began; left out where that was everything.
        var ranges: Int?
        /// Left out where there was none.
        var verification: VerificationLine?
        /// What the run used of its machine, from its beginning to its end.
        var samples: [MachineSample]?
    }

    struct Group: Encodable {
        var reason: String
        var objects: Int
        var example: String?
    }

    var id: String
    var name: String?
    var state: String
    var process: Int?
    var source: String
    var destination: String
    var endpoint: String?
    var profile: String?
    var createdAt: String
    var folder: String
    var inByteOrder: Bool
    var covered: Bool
    var copied: Int
    var copiedBytes: Int
    var skipped: Int
    var failed: Int
    var failures: [Group]
    var skips: [Group]
    var runs: [Run]

    init(_ record: JobRecord) {
        let totals = record.totals
        id = record.id
        name = record.definition.name
        state = record.state.rawValue
        process = record.process
        source = record.definition.source
        destination = record.definition.destination
        endpoint = record.definition.endpoint
        profile = record.definition.profile
        createdAt = record.createdAt.stamp
        folder = record.folder
        inByteOrder = record.isInByteOrder
        covered = record.isCovered
        copied = totals.copied.objects
        copiedBytes = totals.copied.bytes
        skipped = totals.skipped.objects
        failed = record.failedObjects
        failures = record.failures.map { Group(reason: $0.reason, objects: $0.objects, example: $0.example) }
        skips = record.skips.map { Group(reason: $0.reason, objects: $0.objects) }
        runs = record.runs.map { run in
            func counts(_ part: KeyPath<CopyCounters.Amount, Int>) -> [String: Int] {
                [
                    "listed": run.counters.listed[keyPath: part],
                    "copied": run.counters.copied[keyPath: part],
                    "skipped": run.counters.skipped[keyPath: part],
                    "failed": run.counters.failed[keyPath: part],
                    "notTried": run.counters.notTried[keyPath: part],
                ]
            }
            let hasEnded = run.outcome != nil && run.outcome != .killed
            return Run(
                number: run.number,
                startedAt: run.startedAt.stamp,
                seconds: run.duration.roundedSeconds,
                outcome: run.outcome?.rawValue ?? "running",
                message: run.message,
                objects: counts(\.objects),
                bytes: counts(\.bytes),
                listingComplete: run.counters.isListingComplete,
                requests: hasEnded ? run.requests : nil,
                retries: hasEnded ? run.retries : nil,
                ranges: run.ranges,
                verification: run.verification.map(VerificationLine.init),
                samples: run.samples.isEmpty ? nil : run.samples
            )
        }
    }
}
