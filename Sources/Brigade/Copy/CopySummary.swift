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
    /// From the first request to the last answer.
    public var duration = Duration.zero
    /// Why the job ended before its end, if it did.
    public var abortedBy: BrigadeError?
    /// Whether the job was stopped from outside.
    public var wasStopped = false

    /// The summary of a job that did nothing.
    public init() {}

    /// Whether every object that the source holds was listed and none failed.
    public var isComplete: Bool {
        abortedBy == nil && !wasStopped && counters.isListingComplete && counters.failed.objects == 0
    }
}
