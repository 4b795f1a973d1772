/// Notices that object after object fails because the service cannot be reached, with no other verdict between: then it
/// may be gone, or what is the matter lies with these objects, and the service has to be asked something else.
struct UnreachableStreak {
    /// So many in a row are a reason to ask: every copier in turn.
    let limit: Int
    private var count = 0
    private var isBeingAsked = false

    init(limit: Int) {
        self.limit = limit
    }

    /// Takes note of the next verdict.
    ///
    /// - Returns: Whether the service is to be asked now; ``answered()`` follows if it turns out to be there.
    mutating func note(_ verdict: CopyVerdict) -> Bool {
        guard case .failed(let failure) = verdict, failure.isUnreachable else {
            count = 0
            return false
        }
        guard !isBeingAsked else { return false }
        count += 1
        isBeingAsked = count >= limit
        return isBeingAsked
    }

    /// The service is there.
    mutating func answered() {
        isBeingAsked = false
        count = 0
    }
}
