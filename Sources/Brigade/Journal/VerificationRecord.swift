/// What a verification found, as a job's journal keeps it.
public struct VerificationRecord: Sendable, Hashable, Codable {
    /// What both places held, in one word.
    public var verdict: ComparisonSummary.Verdict
    /// Objects by what was found.
    public var counters: ComparisonCounters
    /// Whether the server listed in byte order; otherwise both listings were sorted first.
    public var isInByteOrder: Bool
    /// From the first request to the last answer.
    public var duration: Duration
    /// Why it ended before its end, if an error ended it.
    public var message: String?

    /// Keeps what a comparison found.
    public init(_ summary: ComparisonSummary) {
        verdict = summary.verdict
        counters = summary.counters
        isInByteOrder = summary.isInByteOrder
        duration = summary.duration
        message = summary.abortedBy?.message
    }
}
