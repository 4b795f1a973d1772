public import S3Client

/// What a listing did, when it is over.
public struct ListSummary: Sendable {
    /// Objects, pages and requests.
    public var counters = ListCounters()
    /// Requests with their repetitions, and connections, of the client that did it.
    public var client = ClientStatistics()
    /// From the first request to the last answer.
    public var duration = Duration.zero
    /// Pages that were asked for at once at most: the job's fetchers, or 1 where the source was listed serially, as a
    /// small one is, and one whose server cannot be listed otherwise.
    public var fetchers = 1
    /// Whether the server listed in byte order as far as was seen; without, there is one serial walk.
    public var isInByteOrder = true
    /// Why the listing ended before its end, if it did.
    public var abortedBy: BrigadeError?
    /// Whether the listing was stopped from outside.
    public var wasStopped = false

    /// The summary of a listing that did nothing.
    public init() {}

    /// Whether every object was listed.
    public var isComplete: Bool { abortedBy == nil && !wasStopped }
}
