/// Reads the answer of ListObjectsV2 as its bytes arrive, and gives the page only when the whole document was there.
///
/// A connection that breaks, or a server that stops in mid-document under a 200, thus never passes for the end of a
/// bucket.
public struct ListPageReader: Sendable {
    /// The most that the keys, ETags and prefixes of one page may take, in bytes; a larger answer is refused.
    ///
    /// 1,000 keys of 1,024 bytes take three times that while they are URL-encoded; the rest is room to spare.
    public static let largestPage = 8 * 1024 * 1024

    /// The most objects that are taken for one page; a longer answer is refused.
    ///
    /// S3 gives 1,000 at most, some servers more when they are configured so.
    public static let largestCount = 10_000

    /// The most bytes of an object's ETag, without its quotes; a page with a longer one is refused.
    ///
    /// S3's are 32 digits, with a number of parts behind them where an upload had some; those of other servers are short
    /// as well, and what keeps many objects at once counts on it.
    public static let longestETag = 1_024

    private var tokenizer = XMLTokenizer()
    private var events = ListPageEvents()

    /// Creates a reader for one page.
    public init() {}

    /// Whether the document is a listing's, as its root element tells; false until that has come.
    public var hasBegun: Bool { events.hasBegun }

    /// Reads the next bytes of the answer.
    ///
    /// - Throws: ``MalformedXML`` if the document cannot be a page of a listing.
    public mutating func read(_ bytes: Span<UInt8>) throws(MalformedXML) {
        try tokenizer.read(bytes, into: &events)
    }

    /// The page, after the last byte.
    ///
    /// - Throws: ``MalformedXML`` if the document is not complete or lacks what a page must have.
    public consuming func finish() throws(MalformedXML) -> ListPage {
        guard tokenizer.isComplete else {
            throw MalformedXML(reason: tokenizer.hasRoot ? "it ends before its end" : "it is empty")
        }
        return try events.page()
    }
}
