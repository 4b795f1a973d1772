internal import S3Protocol

/// Notices, with the memory of one key, when the pages of a listing begin again with one that was there before.
///
/// Pages need not come in the order of their keys: some servers list folder by folder. But no page begins with a key
/// that an earlier one began with, unless the listing goes in a circle and would never end. This is Brent's way of
/// finding that: the key kept is that of page 1, 2, 4, 8 and so on (R. P. Brent, "An improved Monte Carlo factorization
/// algorithm", BIT 20, 1980), so that a circle is noticed at the latest when three times its pages and those before it
/// were seen.
struct CycleDetector: Sendable {
    private var kept: ObjectKey?
    private var pagesSinceKept = 0
    private var pagesToKeep = 1

    /// Whether a page that begins with this key shows that the listing goes in a circle.
    mutating func sees(_ firstKey: ObjectKey) -> Bool {
        if firstKey == kept { return true }
        pagesSinceKept += 1
        if pagesSinceKept == pagesToKeep {
            // A copy of its own: a key of a page would keep the whole page.
            kept = ObjectKey(Array(firstKey.bytes))
            pagesToKeep *= 2
            pagesSinceKept = 0
        }
        return false
    }
}
