public import S3Protocol

extension CopyRun {
    /// What the run tells of single objects, as it happens, from any thread.
    public enum Event: Sendable {
        /// An object could not be copied.
        case failed(ObjectKey, size: Int, CopyFailure)
        /// An object was left out.
        case skipped(ObjectKey, size: Int, CopyVerdict.SkipReason)
        /// The server makes no copies on the condition that the source is unchanged; a change is noticed by the ETag of
        /// the copy alone. Told once.
        case conditionsRefused
        /// The verification found a difference.
        case difference(Difference)
    }
}
