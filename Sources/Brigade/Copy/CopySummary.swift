public import FlowControl
public import S3Client

/// What a job did, when it is over.
public struct CopySummary: Sendable {
    /// Objects by how they ended.
    public var counters = CopyCounters()
    /// Requests, repetitions and connections of the client that did it.
    public var client = ClientStatistics()
    /// How the job was paced.
    public var flow = FlowFigures()
    /// From the first request to the last answer, without those of the ``verification``.
    public var duration = Duration.zero
    /// Why the job ended before its end, if it did.
    public var abortedBy: BrigadeError?
    /// Whether the job was stopped from outside.
    public var wasStopped = false
    /// What of the job was to be done.
    public var scope = CopyRun.Scope.everything

    /// The plan for the machine that it ran by, where whoever ran it made one.
    public var plan: ConcurrencyPlan?
    /// What it used of the machine, where it was watched.
    public var machine: SampleSeries?

    /// What the comparison of both places found, if the job asked for one and everything had been copied by then.
    public var verification: ComparisonSummary?

    /// The summary of a job that did nothing.
    public init() {}

    /// Whether all that was to be done was: every object that the source holds was listed (or, if only those that had
    /// failed were to be tried, each of these was), none failed, and none was found missing or different.
    ///
    /// Other objects at the destination do not matter to a verification.
    public var isComplete: Bool {
        guard abortedBy == nil, !wasStopped, counters.isListingComplete || scope == .failedOnly,
            counters.failed.objects == 0
        else { return false }
        return switch verification?.verdict {
        case nil, .equal, .extra: true
        case .different, .incomplete: false
        }
    }
}
