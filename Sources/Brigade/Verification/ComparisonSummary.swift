/// What a comparison found, when it is over.
public struct ComparisonSummary: Sendable {
    /// What both places hold, in one word.
    public enum Verdict: String, Sendable, Codable {
        /// The destination holds what the source holds, and nothing else.
        case equal
        /// The destination holds what the source holds, and other objects beside.
        case extra
        /// Objects of the source are missing at the destination, or differ.
        case different
        /// The comparison did not come to its end, so that nothing can be said of the whole.
        case incomplete
    }

    /// Objects by what was found.
    public var counters = ComparisonCounters()
    /// Whether the server lists in byte order; otherwise both listings were sorted first.
    public var isInByteOrder = true
    /// From the first request to the last answer.
    public var duration = Duration.zero
    /// Why the comparison ended before its end, if it did.
    public var abortedBy: BrigadeError?
    /// Whether it was stopped from outside.
    public var wasStopped = false

    /// The summary of a comparison of nothing with nothing.
    public init() {}

    /// What both places hold.
    public var verdict: Verdict {
        if abortedBy != nil || wasStopped { return .incomplete }
        if counters.missing + counters.different > 0 { return .different }
        return counters.extra > 0 ? .extra : .equal
    }
}
