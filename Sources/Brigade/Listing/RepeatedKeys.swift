internal import S3Protocol

/// Keys that a server tells a second time, right behind the first.
///
/// They come in a row, or where a page begins again with the last keys of the page before. They are the same objects, and do not make the order another.
enum RepeatedKeys {
    /// A page without what it repeats.
    ///
    /// - Parameters:
    ///   - page: The page, in whatever order.
    ///   - previous: The page that it follows by the server's token; `nil` if there is none.
    /// - Returns: The page without its first keys that were on the page before, and with each run of one key as one.
    static func removed(from page: ListPage, behind previous: ListPage?) -> ListPage {
        var known: Set<ObjectKey> = []
        if let previous, let first = page.first?.key, previous.contains(where: { $0.key == first }) {
            known = Set(previous.lazy.map(\.key))
        }
        var isBeginning = true
        return page.keeping { index in
            let key = page[index].key
            isBeginning = isBeginning && known.contains(key)
            return !isBeginning && (index == 0 || page[index - 1].key != key)
        }
    }
}
