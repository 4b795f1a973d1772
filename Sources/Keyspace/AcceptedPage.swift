/// What to do with a page that was received.
public struct AcceptedPage: Sendable, Hashable {
    /// The number of the page's first keys that count; the rest lie beyond the range and are another's.
    public let keyCount: Int
    /// What is now known to be listed: the accepted keys are all there are in it.
    public let covered: KeyRange
    /// Whether the range that the request belonged to is now listed to its end.
    public let isRangeComplete: Bool

    /// Creates a verdict, as a test expects it.
    public init(keyCount: Int, covered: KeyRange, isRangeComplete: Bool) {
        self.keyCount = keyCount
        self.covered = covered
        self.isRangeComplete = isRangeComplete
    }
}
