internal import Keyspace
internal import S3Protocol

/// A serial listing on its way: the page at hand, how much of it is done with, and how to go on.
///
/// Each page is looked at once, as it arrives: what it repeats is left out, and whether it is in byte order is known.
struct SerialWalk: Sendable {
    /// The page at hand, without what it repeats.
    private(set) var page: ListPage
    /// What keeps the page from being in byte order behind the pages before it; `nil` for nothing.
    private(set) var violation: ListNotice?
    /// Objects that were left out so far, since the server had told their keys just before.
    private(set) var repeatedObjects = 0
    /// The way to go on from the page.
    private(set) var rest: SerialLister
    /// The last key that is done with, or the one that the walk begins after; empty at the start.
    private(set) var position: [UInt8]
    private var done = 0

    /// Creates a walk that begins with a page, which was asked for after a key.
    init(page: ListPage, rest: SerialLister, after position: [UInt8] = []) {
        self.page = page
        self.position = position
        self.rest = rest
        receive(page, behind: nil)
    }

    /// What is left of the page.
    var objects: Slice<ListPage> { page.dropFirst(done) }

    /// Of which range these objects are all, if the server lists in byte order.
    var range: KeyRange {
        KeyRange(
            after: position,
            through: page.isTruncated ? objects.last.map { Array($0.key.bytes) } ?? position : nil
        )
    }

    /// The next objects of the page are done with.
    mutating func skip(_ count: Int) {
        guard count > 0 else { return }
        done += count
        position = Array(page[done - 1].key.bytes)
    }

    /// Goes on to the next page that has something new or is the last, once all of this one is done with.
    ///
    /// - Returns: Whether there was one.
    /// - Throws: As ``SerialLister/next()`` does.
    mutating func advance() async throws -> Bool {
        let previous = page
        repeat {
            guard let next = try await rest.nextWithKeys() else { return false }
            receive(next, behind: previous)
        } while page.isEmpty && page.isTruncated
        return true
    }

    private mutating func receive(_ next: ListPage, behind previous: ListPage?) {
        page = next
        done = 0
        violation = ListingOrder.violation(in: next[...], after: position, firstKey: nil)
        guard violation != nil else { return }
        page = RepeatedKeys.removed(from: next, behind: previous)
        guard page.count < next.count else { return }
        repeatedObjects += next.count - page.count
        violation = ListingOrder.violation(in: page[...], after: position, firstKey: nil)
    }
}
