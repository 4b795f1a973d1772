/// How one listed object ended.
///
/// Every object of a job gets exactly one verdict.
public enum CopyVerdict: Sendable {
    /// It stands at the destination, on the server's word.
    case copied
    /// It was overwritten at the source after it was listed, and the newer version stands at the destination.
    case copiedNewer
    /// It was left out on purpose.
    case skipped(SkipReason)
    /// It could not be copied.
    case failed(CopyFailure)

    /// Why an object was left out.
    public enum SkipReason: String, Sendable {
        /// It was listed, and then deleted before it could be copied.
        case deletedMeanwhile = "deleted at the source meanwhile"
        /// It is the empty marker of the folder that is copied, and no key is left for it at the destination.
        case prefixItself = "the marker of the source's own folder, which has no name at the destination"
        /// The job only says what it would do.
        case dryRun = "dry run"
    }
}
