internal import Keyspace
internal import S3Client
internal import S3Protocol

/// Walks the pages of one range of a place, and tells of each what shows whether ranges can be told apart there.
///
/// What lies beyond the range is looked at too: on a server that does not list in byte order, keys of the range may come
/// behind it.
struct RangeWalk {
    /// A page of the range.
    struct Page {
        /// The objects that lie in the range.
        let objects: Slice<ListPage>
        /// Whether all keys of the page ascend, from above where it was asked for.
        let isInByteOrder: Bool
        /// What comes first in the range or behind it, if this is its first page and another range may end there.
        fileprivate var beginning: (seam: [UInt8], next: RangeSeams.Next)?
        /// What comes next behind the range, if this is its last page.
        fileprivate var end: (seam: [UInt8], start: [UInt8], next: RangeSeams.Next)?

        /// Compares with what the neighbours told.
        func gaps(_ seams: inout RangeSeams) -> [RangeSeams.Gap] {
            [
                beginning.flatMap { seams.began(at: $0.seam, next: $0.next) },
                end.flatMap { seams.ended(at: $0.seam, start: $0.start, next: $0.next) },
            ].compactMap(\.self)
        }
    }

    private let place: ObjectLocation
    private let through: [UInt8]?
    private var walk: SerialLister
    private var position: [UInt8]
    private var hasBegun = false
    private var isAtEnd = false

    /// Creates a walk that has not begun.
    init(_ pages: PageSource, _ range: KeyRange) {
        // No key is longer, so that a longer bound and its beginning are followed by the same ones.
        func bound(_ key: [UInt8]) -> [UInt8] { Array(key.prefix(ObjectKey.maximumLength)) }
        place = pages.location
        through = range.through.map(bound)
        position = bound(range.after)
        walk = pages.walk(startAfter: position.isEmpty ? nil : ObjectKey(position))
    }

    /// The next page; `nil` behind the last one of the range.
    ///
    /// - Throws: ``BrigadeError`` with the code `listingFailed`.
    mutating func next() async throws(BrigadeError) -> Page? {
        guard !isAtEnd, let page = try await nextWithKeys() else { return nil }
        let objects = page.prefix { object in through.map { object.key <= ObjectKey($0) } ?? true }
        let last = page.last.map { Array($0.key.bytes) } ?? position
        isAtEnd = objects.count < page.count || !page.isTruncated || last == through
        var result = Page(
            objects: objects,
            isInByteOrder: ListingOrder.violation(in: page[...], after: position, firstKey: nil) == nil
        )
        if !hasBegun, !position.isEmpty { result.beginning = (position, Self.told(by: page[...]) ?? .end) }
        if isAtEnd, let through {
            let told = Self.told(by: page.dropFirst(objects.count)) ?? (page.isTruncated ? .unknown : .end)
            result.end = (through, position, told)
        }
        hasBegun = true
        position = last
        return result
    }

    private mutating func nextWithKeys() async throws(BrigadeError) -> ListPage? {
        do {
            return try await walk.nextWithKeys()
        } catch {
            throw BrigadeError(
                code: .listingFailed,
                message: "listing \(place) stopped \(walk.position): \(error)",
                cause: error
            )
        }
    }

    private static func told(by objects: Slice<ListPage>) -> RangeSeams.Next? {
        objects.first.map { .key(Array($0.key.bytes)) }
    }
}
