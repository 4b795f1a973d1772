public import S3Protocol

/// What a job's journal says about it.
public struct JobRecord: Sendable {
    /// Objects that ended alike.
    public struct Group: Sendable, Hashable {
        /// What they have in common: an error code, or why they were left out.
        public var reason: String
        /// How many they are.
        public var objects: Int
        /// One of the messages, for failures; empty for others.
        public var example: String
    }

    /// Where a job stands.
    public enum State: String, Sendable {
        /// A process runs it.
        case running
        /// Every object has its verdict, and none failed.
        case complete
        /// Every object has its verdict, and some failed, or were found missing or different afterwards.
        case failures
        /// Every object has its verdict, and none failed; the verification that was asked for did not come to its end.
        case unverified
        /// Objects are left that were not tried.
        case unfinished
    }

    /// The job's number, by which it is found.
    public var id: String
    /// What the job is.
    public var definition: JobDefinition
    /// When it was begun.
    public var createdAt: UTCTime
    /// The job's folder.
    public var folder: String
    /// Its runs, in order.
    public var runs: [RunRecord]
    /// Objects whose last attempt failed, by error code, most first.
    public var failures: [Group]
    /// Objects left out in all runs together that count, by reason.
    public var skips: [Group]
    /// Whether the server lists in byte order, so that the job can be gone on with where it stopped.
    public var isInByteOrder: Bool
    /// Whether every object that the source held was listed and has its verdict.
    public var isCovered: Bool
    /// The process that runs the job, 0 if its number is not known; `nil` if nobody does.
    public var process: Int?

    /// Objects whose last attempt failed.
    public var failedObjects: Int { failures.reduce(0) { $0 + $1.objects } }

    /// Where the job stands.
    public var state: State {
        if process != nil { return .running }
        guard isCovered else { return .unfinished }
        guard failedObjects == 0 else { return .failures }
        guard definition.isVerified == true else { return .complete }
        let last = runs.last { $0.verification != nil || $0.counters.copied.objects > 0 }
        return switch last?.verification?.verdict {
        case .equal, .extra: .complete
        case nil, .different, .incomplete: .unverified
        }
    }

    /// The run from which on everything that was done is to be found: the first.
    ///
    /// On a server that does not list in byte order, each run lists and copies everything anew; there it is the run that
    /// came to its end, after which others only try again what failed, or as long as there is none the last.
    public var firstRunThatCounts: Int {
        guard !isInByteOrder else { return 1 }
        let whole = runs.first { run in
            run.outcome == .complete && run.counters.isListingComplete && run.counters.notTried.objects == 0
        }
        return (whole ?? runs.last)?.number ?? 1
    }

    /// What all runs did together that count, from ``firstRunThatCounts`` on.
    ///
    /// An object that failed and was copied later is counted as copied.
    public var totals: CopyCounters {
        var totals = CopyCounters()
        for run in runs where run.number >= firstRunThatCounts {
            totals.copied.add(objects: run.counters.copied.objects, bytes: run.counters.copied.bytes)
            totals.skipped.add(objects: run.counters.skipped.objects, bytes: run.counters.skipped.bytes)
        }
        totals.failed.add(objects: failedObjects, bytes: 0)
        totals.isListingComplete = isCovered
        return totals
    }
}
