/// How far a job is: every object that was listed is in exactly one of the other counts, or under way.
public struct CopyCounters: Sendable, Hashable {
    /// Objects and their bytes.
    public struct Amount: Sendable, Hashable {
        /// Objects.
        public var objects = 0
        /// The sum of their sizes in bytes.
        public var bytes = 0

        /// Nothing.
        public init() {}

        mutating func add(objects count: Int = 1, bytes size: Int) {
            objects += count
            // A server may claim any size; the sum of two of them need not be a number any more.
            let (sum, overflows) = bytes.addingReportingOverflow(size)
            bytes = overflows ? .max : sum
        }
    }

    /// Listed so far.
    public var listed = Amount()
    /// At the destination.
    public var copied = Amount()
    /// Those of ``copied`` that were overwritten at the source after they were listed, and are copied in the newer version;
    /// their bytes are counted as they were listed.
    public var copiedNewer = 0
    /// Left out for a stated reason.
    public var skipped = Amount()
    /// Not copied, with the cause reported.
    public var failed = Amount()
    /// Listed, but neither copied nor given up, because the job was stopped first.
    public var notTried = Amount()
    /// Whether the listing is at its end, so that ``listed`` is the job's size.
    public var isListingComplete = false

    /// Nothing done yet.
    public init() {}

    mutating func count(_ verdict: CopyVerdict, size: Int) {
        switch verdict {
        case .copied: copied.add(bytes: size)
        case .copiedNewer:
            copied.add(bytes: size)
            copiedNewer += 1
        case .skipped: skipped.add(bytes: size)
        case .failed: failed.add(bytes: size)
        }
    }
}
