/// One page of a bucket's listing, in the order in which the server listed its objects.
///
/// Its keys and ETags share one block of memory; nothing is allocated for each object.
public final class ListPage: Sendable {
    /// An object, as plain numbers: there are a thousand of them, and none should be counted references of its own.
    struct Entry: Sendable {
        var key: Range<UInt32>
        var etag: Range<UInt32>
        var size: Int
        var lastModified: UTCTime?
        /// The place of its class in `storageClasses`.
        var storageClass: UInt8?
    }

    /// The keys and ETags, back to back.
    let storage: [UInt8]
    let entries: [Entry]
    /// The classes that the page names, each once.
    let storageClasses: [StorageClass]

    /// What the keys that were rolled up at the delimiter begin with, in the order of their bytes.
    public let commonPrefixes: [ObjectKey]
    /// Whether more keys follow this page.
    public let isTruncated: Bool
    /// What to ask for the next page with; `nil` on the last one.
    public let nextContinuationToken: [UInt8]?

    init(
        storage: [UInt8],
        entries: [Entry],
        storageClasses: [StorageClass],
        commonPrefixes: [ObjectKey],
        isTruncated: Bool,
        nextContinuationToken: [UInt8]?
    ) {
        self.storage = storage
        self.entries = entries
        self.storageClasses = storageClasses
        self.commonPrefixes = commonPrefixes
        self.isTruncated = isTruncated
        self.nextContinuationToken = nextContinuationToken
    }
}

extension ListPage: RandomAccessCollection {
    /// The place of the first object: 0.
    public var startIndex: Int { 0 }

    /// The place behind the last object: the number of objects, at most 1,000 on S3.
    public var endIndex: Int { entries.count }

    /// The object at a place on the page.
    public subscript(index: Int) -> ListedObject { ListedObject(page: self, index: index) }
}
