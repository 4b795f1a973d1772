/// What a listing has cost so far.
public struct ListingCounters: Sendable, Hashable {
    /// Requests that were handed out, failed ones among them.
    public internal(set) var requests = 0
    /// Pages that were received whole.
    public internal(set) var pages = 0
    /// Keys that were accepted.
    public internal(set) var keys = 0
    /// Keys that lay beyond their range, and are listed by another.
    public internal(set) var keysBeyond = 0
    /// Ranges that were cut in two.
    public internal(set) var splits = 0
    /// Ranges that were split off and held no key: requests that were lost.
    public internal(set) var emptyRanges = 0
}
