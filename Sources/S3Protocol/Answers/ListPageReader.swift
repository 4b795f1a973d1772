/// Reads the answer of ListObjectsV2 as its bytes arrive, and gives the page only when the whole document was there.
///
/// A connection that breaks, or a server that stops in mid-document under a 200, thus never passes for the end of a
/// bucket.
public struct ListPageReader: Sendable {
    /// The most that the keys, ETags and prefixes of one page may take, in bytes; a larger answer is refused.
    ///
    /// 1,000 keys of 1,024 bytes take three times that while they are URL-encoded; the rest is room to spare.
    public static let largestPage = 8 * 1024 * 1024

    private var tokenizer = XMLTokenizer()
    private var events = Events()

    /// Creates a reader for one page.
    public init() {}

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

extension ListPageReader {
    /// What is gathered while the document is read.
    private struct Events: XMLEvents {
        private enum Field {
            case key, etag, size, lastModified, storageClass
            case commonPrefix
            case isTruncated, nextContinuationToken, encodingType
        }

        private var storage: [UInt8] = []
        private var entries: [ListPage.Entry] = []
        private var prefixRanges: [Range<UInt32>] = []
        private var entry = Events.emptyEntry
        private var classes: [StorageClass] = []

        private var depth = 0
        private var isInContents = false
        private var isInCommonPrefixes = false
        private var field: Field?
        /// The text of the current field, but for keys, ETags and prefixes, which go straight into `storage`.
        private var value: [UInt8] = []
        private var fieldStart = 0

        private var isTruncated: Bool?
        private var token: [UInt8]?
        private var isURLEncoded = false

        private static let emptyEntry = ListPage.Entry(key: 0..<0, etag: 0..<0, size: -1)

        // MARK: Events

        mutating func startElement(_ name: Span<UInt8>) throws(MalformedXML) {
            depth += 1
            field = nil
            switch depth {
            case 1:
                guard name.equals("ListBucketResult") else {
                    throw MalformedXML(reason: "its root is '\(name.text)', not 'ListBucketResult'")
                }
            case 2:
                isInContents = name.equals("Contents")
                isInCommonPrefixes = name.equals("CommonPrefixes")
                if isInContents {
                    entry = Self.emptyEntry
                } else if !isInCommonPrefixes {
                    field = Self.pageField(name)
                }
            case 3 where isInContents:
                field = Self.objectField(name)
            case 3 where isInCommonPrefixes:
                field = name.equals("Prefix") ? .commonPrefix : nil
            default: break
            }
            if field != nil {
                value.removeAll(keepingCapacity: true)
                fieldStart = storage.count
            }
        }

        mutating func text(_ piece: Span<UInt8>) throws(MalformedXML) {
            switch field {
            case nil: return
            case .key, .etag, .commonPrefix: storage.append(piece)
            default: value.append(piece)
            }
            guard storage.count + value.count <= ListPageReader.largestPage else {
                throw MalformedXML(reason: "it is larger than a page can be")
            }
        }

        mutating func endElement() throws(MalformedXML) {
            if let field { try finish(field) }
            field = nil
            if depth == 2, isInContents { try finishEntry() }
            depth -= 1
        }

        // MARK: Fields

        private static func pageField(_ name: Span<UInt8>) -> Field? {
            if name.equals("IsTruncated") { return .isTruncated }
            if name.equals("NextContinuationToken") { return .nextContinuationToken }
            if name.equals("EncodingType") { return .encodingType }
            return nil
        }

        private static func objectField(_ name: Span<UInt8>) -> Field? {
            if name.equals("Key") { return .key }
            if name.equals("ETag") { return .etag }
            if name.equals("Size") { return .size }
            if name.equals("LastModified") { return .lastModified }
            if name.equals("StorageClass") { return .storageClass }
            return nil
        }

        private mutating func finish(_ field: Field) throws(MalformedXML) {
            let range = UInt32(fieldStart)..<UInt32(storage.count)
            switch field {
            case .key: entry.key = range
            case .commonPrefix: prefixRanges.append(range)
            case .etag:
                let isQuoted =
                    range.count >= 2 && storage[fieldStart] == UInt8(ascii: "\"")
                    && storage.last == UInt8(ascii: "\"")
                entry.etag = isQuoted ? (range.lowerBound + 1)..<(range.upperBound - 1) : range
            case .size:
                guard let size = parseDecimal(value) else {
                    throw MalformedXML(reason: "the size '\(String(decoding: value, as: UTF8.self))' is no number")
                }
                entry.size = size
            case .lastModified: entry.lastModified = UTCTime(rfc3339: value[...])
            case .storageClass: entry.storageClass = storageClass(named: value)
            case .isTruncated:
                switch String(decoding: value, as: UTF8.self) {
                case "true": isTruncated = true
                case "false": isTruncated = false
                case let other: throw MalformedXML(reason: "IsTruncated is '\(other)'")
                }
            case .nextContinuationToken: token = value
            case .encodingType: isURLEncoded = value.elementsEqual("url".utf8)
            }
        }

        private mutating func finishEntry() throws(MalformedXML) {
            guard !entry.key.isEmpty else { throw MalformedXML(reason: "an object has no key") }
            guard entry.size >= 0 else { throw MalformedXML(reason: "an object has no size") }
            entries.append(entry)
        }

        /// One instance for each class that the page names, so that its name is stored once.
        private mutating func storageClass(named name: [UInt8]) -> StorageClass {
            if let known = classes.first(where: { $0.description.utf8.elementsEqual(name) }) { return known }
            let new = StorageClass(String(decoding: name, as: UTF8.self))
            classes.append(new)
            return new
        }

        // MARK: The page

        mutating func page() throws(MalformedXML) -> ListPage {
            guard let isTruncated else { throw MalformedXML(reason: "it does not say whether more keys follow") }
            if isURLEncoded { try decodeKeys() }
            let prefixes = prefixRanges.map { ObjectKey(storage[Int($0.lowerBound)..<Int($0.upperBound)]) }
            return ListPage(
                storage: storage,
                entries: entries,
                commonPrefixes: prefixes,
                isTruncated: isTruncated,
                nextContinuationToken: token
            )
        }

        /// Decodes every key and prefix where it stands: what is decoded is never longer than what was encoded.
        private mutating func decodeKeys() throws(MalformedXML) {
            for index in entries.indices { entries[index].key = try decode(entries[index].key) }
            for index in prefixRanges.indices { prefixRanges[index] = try decode(prefixRanges[index]) }
        }

        private mutating func decode(_ range: Range<UInt32>) throws(MalformedXML) -> Range<UInt32> {
            guard let length = storage.decodeURLEncoding(in: Int(range.lowerBound)..<Int(range.upperBound)) else {
                throw MalformedXML(reason: "a key is not URL-encoded as the answer says")
            }
            return range.lowerBound..<(range.lowerBound + UInt32(length))
        }
    }
}
