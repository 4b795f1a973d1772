/// The settings of a listing.
public struct ListingConfiguration: Sendable {
    /// What to list; all keys by default.
    public var range = KeyRange()
    /// What every key begins with; empty by default.
    ///
    /// The shell sends it as `prefix` with each request.
    public var prefix: [UInt8] = []
    /// The number of fetchers that work is shared out for; at least 1, 16 by default.
    public var fetchers = 16
    /// The most keys a page may hold: 1 to 1,000, which is S3's limit and the default.
    public var pageSize = 1000
    /// Keys to cut at from the beginning, in any order, such as a sample of the keys that are known to exist.
    ///
    /// They need not exist. Too many cost nothing, since ranges that a page reaches into before they are begun become its own.
    public var splitPoints: [[UInt8]] = []
    /// Whether ranges may be cut; `true` by default.
    ///
    /// Without, the listing is one walk from key to key.
    public var splitsRanges = true

    /// Creates the default settings.
    public init() {}

    /// The split points within the range, in order, each once.
    var usableSplitPoints: [[UInt8]] {
        guard splitsRanges else { return [] }
        let sorted = splitPoints.sorted { KeyOrder.precedes($0[...], $1[...]) }
        var result: [[UInt8]] = []
        for point in sorted where point != result.last && point != range.through && range.contains(point[...]) {
            guard !prefix.isEmpty else {
                result.append(point)
                continue
            }
            if point.starts(with: prefix) { result.append(point) }
        }
        return result
    }
}
