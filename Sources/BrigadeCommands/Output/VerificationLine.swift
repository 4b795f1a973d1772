internal import Brigade

/// What a verification found, as a summary and a report in JSON tell it.
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

    init(_ found: VerificationRecord) {
        let counters = found.counters
        verdict = found.verdict.rawValue
        compared = counters.compared
        same = counters.same
        sameSize = counters.sameSize
        missing = counters.missing
        different = counters.different
        extra = counters.extra
        inByteOrder = found.isInByteOrder
        error = found.message
        seconds = found.duration.roundedSeconds
    }
}
