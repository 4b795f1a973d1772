internal import Brigade

/// What a comparison found, as a summary in JSON tells it.
struct VerificationLine: Encodable {
    private let verdict: String
    private let compared: Int
    private let same: Int
    private let sameSize: Int
    private let missing: Int
    private let different: Int
    private let extra: Int
    private let inByteOrder: Bool
    private let error: String?
    private let seconds: Double

    init(_ summary: ComparisonSummary) {
        let counters = summary.counters
        verdict = summary.verdict.rawValue
        compared = counters.compared
        same = counters.same
        sameSize = counters.sameSize
        missing = counters.missing
        different = counters.different
        extra = counters.extra
        inByteOrder = summary.isInByteOrder
        error = summary.abortedBy?.message
        seconds = summary.duration.roundedSeconds
    }
}
