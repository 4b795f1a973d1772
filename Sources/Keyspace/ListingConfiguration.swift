/// The settings of a listing.
public struct ListingConfiguration: Sendable {
    /// What to list, where the machine is given no list of ranges; all keys by default.
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
    /// They need not exist. Of more than two for each fetcher, so many are taken from among them evenly; and ranges that
    /// a page reaches into before they are begun become its own. One that is not valid UTF-8, which S3 would refuse, makes
    /// way for one nearby that is.
    public var splitPoints: [[UInt8]] = []
    /// Whether ranges may be cut; `true` by default.
    ///
    /// Without, the listing is one walk from key to key.
    public var splitsRanges = true

    /// Creates the default settings.
    public init() {}

    /// The split points within ranges, in order, each once, and no more of them than cut into two ranges a fetcher.
    ///
    /// Each range that is begun costs part of a page. Those that are left out lie between the others evenly by number,
    /// so that a sample of the keys, however large, still cuts the bucket into parts of about one size.
    func usableSplitPoints(in ranges: [KeyRange]) -> [[UInt8]] {
        guard splitsRanges, !splitPoints.isEmpty else { return [] }
        var usable: [[UInt8]] = []
        var rest = ranges[...]
        let points = splitPoints.map(UTF8Repair.repaired)
        for point in points.sorted(by: { KeyOrder.precedes($0[...], $1[...]) }) {
            while let through = rest.first?.through, !KeyOrder.precedes(point[...], through[...]) { rest.removeFirst() }
            guard let range = rest.first else { break }
            guard point != usable.last, range.contains(point[...]), point.starts(with: prefix) else { continue }
            usable.append(point)
        }
        let most = max(1, 2 * fetchers - 1)
        guard usable.count > most else { return usable }
        return (0..<most).map { usable[(2 * $0 + 1) * usable.count / (2 * most)] }
    }
}
