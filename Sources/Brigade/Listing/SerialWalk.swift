internal import Keyspace
internal import S3Protocol

/// A serial listing on its way: the page at hand, how much of it is done with, and how to go on.
struct SerialWalk: Sendable {
    /// The page at hand.
    private(set) var page: ListPage
    /// The way to go on from the page.
    private(set) var rest: SerialLister
    /// The last key that is done with; empty at the start.
    private(set) var position: [UInt8] = []
    private var done = 0

    /// Creates a walk that begins with a page.
    init(page: ListPage, rest: SerialLister) {
        self.page = page
        self.rest = rest
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

    /// Goes on to the next page.
    ///
    /// - Returns: Whether there was one.
    /// - Throws: As ``SerialLister/next()`` does.
    mutating func advance() async throws -> Bool {
        guard let next = try await rest.nextWithKeys() else { return false }
        page = next
        done = 0
        return true
    }
}
