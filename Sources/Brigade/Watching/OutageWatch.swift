/// Notices when the service cannot be reached, and when it can again.
///
/// That no answer comes is no outage by itself, since a large object takes its time: something must have failed as well.
struct OutageWatch: Sendable {
    /// For how long nothing is answered before it is told.
    static let patience = Duration.seconds(5)

    private var answers = 0
    private var failures = 0
    /// When the last answer was seen.
    private var since = Duration.zero
    private var isOut = false

    /// What there is to tell.
    ///
    /// - Parameters:
    ///   - answers: Answers so far.
    ///   - failures: Connections so far that broke, or could not be opened.
    ///   - now: The time since the job began.
    /// - Returns: What to tell; `nil` for nothing.
    mutating func notice(answers: Int, failures: Int, at now: Duration) -> WatchNotice? {
        guard answers == self.answers else {
            defer { (self.answers, self.failures, since, isOut) = (answers, failures, now, false) }
            return isOut ? .reachable(after: now - since) : nil
        }
        guard !isOut, failures > self.failures, now - since >= Self.patience else { return nil }
        isOut = true
        return .unreachable(for: now - since)
    }
}
