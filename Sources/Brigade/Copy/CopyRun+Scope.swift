extension CopyRun {
    /// What of a job a run does.
    public enum Scope: Sendable {
        /// What no run has done yet, and what failed.
        case everything
        /// What failed in earlier runs.
        case failedOnly
    }
}
