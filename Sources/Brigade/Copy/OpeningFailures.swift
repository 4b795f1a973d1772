/// Notices that a run does nothing but fail: all of its first objects are refused alike, and none was copied.
///
/// Afterwards nothing is noticed any more: a single copy shows that the credentials and the buckets do, and that what
/// is refused is refused for its own sake.
struct OpeningFailures {
    /// How many objects have to be refused: a page of S3's, and so less than a second's work.
    static let limit = 1000

    private var code: String?
    private var count = 0
    private var isOver: Bool

    /// Begins to look.
    ///
    /// - Parameter hasCopied: Whether an earlier run of the job copied anything.
    init(hasCopied: Bool = false) {
        isOver = hasCopied
    }

    /// Takes note of the next verdict.
    ///
    /// - Returns: Whether this is the moment at which there is no use in going on.
    mutating func note(_ verdict: CopyVerdict) -> Bool {
        guard !isOver else { return false }
        switch verdict {
        case .skipped: return false
        case .failed(let failure) where Self.isRefusal(failure.code) && (code ?? failure.code) == failure.code:
            code = failure.code
            count += 1
            isOver = count == Self.limit
            return isOver
        case .copied, .copiedNewer, .failed:
            isOver = true
            return false
        }
    }

    /// Codes that speak of what the credentials may do or what the service can, and that every object may meet.
    private static func isRefusal(_ code: String) -> Bool {
        ["AccessDenied", "NotImplemented", "MethodNotAllowed"].contains(code) || code.hasPrefix("KMS.")
    }
}
