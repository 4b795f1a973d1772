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

            /// Whether the field's text is kept on the page as it is.
            var isStored: Bool { self == .key || self == .etag || self == .commonPrefix }
        }

        private var storage: [UInt8] = []
        private var entries: [ListPage.Entry] = []
        private var prefixRanges: [Range<UInt32>] = []
        private var entry = Events.emptyEntry
        private var classes: [(bytes: [UInt8], storageClass: StorageClass)] = []

        private var depth = 0
        private var isInContents = false
        private var isInCommonPrefixes = false
        private var field: Field?
        /// The text of the current field, unless it goes straight into `storage`.
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
            default: field = innerField(name, depth: depth)
            }
            if field != nil {
                value.removeAll(keepingCapacity: true)
                fieldStart = storage.count
            }
        }

        /// What fields are made of but for those whose text comes in pieces, and there are a thousand times as many of
        /// these as of all other elements: nothing is gathered, the text is read where it stands.
        mutating func leaf(_ name: Span<UInt8>, _ text: Span<UInt8>) throws(MalformedXML) {
            guard depth == 2, let field = innerField(name, depth: 3) else {
                try startElement(name)
                if !text.isEmpty { try self.text(text) }
                return try endElement()
            }
            fieldStart = storage.count
            if field.isStored {
                storage.append(text)
                try checkSize()
            }
            try finish(field, text)
        }

        private func innerField(_ name: Span<UInt8>, depth: Int) -> Field? {
            guard depth == 3 else { return nil }
            if isInContents { return Self.objectField(name) }
            return isInCommonPrefixes && name.equals("Prefix") ? .commonPrefix : nil
        }

        mutating func text(_ piece: Span<UInt8>) throws(MalformedXML) {
            guard let field else { return }
            if field.isStored { storage.append(piece) } else { value.append(piece) }
            try checkSize()
        }

        mutating func endElement() throws(MalformedXML) {
            if let field {
                let text = value
                try finish(field, text.span)
            }
            field = nil
            if depth == 2, isInContents { try finishEntry() }
            depth -= 1
        }

        // MARK: Fields

        private func checkSize() throws(MalformedXML) {
            guard storage.count + value.count <= ListPageReader.largestPage else {
                throw MalformedXML(reason: "it is larger than a page can be")
            }
        }

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

        private mutating func finish(_ field: Field, _ value: Span<UInt8>) throws(MalformedXML) {
            let range = UInt32(fieldStart)..<UInt32(storage.count)
            switch field {
            case .key: entry.key = range
            case .commonPrefix: prefixRanges.append(range)
            case .etag:
                let etag = unquoted(storage[fieldStart...])
                entry.etag = UInt32(etag.startIndex)..<UInt32(etag.endIndex)
            case .size:
                guard let size = parseDecimal(value) else {
                    throw MalformedXML(reason: "the size '\(value.text)' is no number")
                }
                entry.size = size
            case .lastModified: entry.lastModified = UTCTime(rfc3339: value)
            case .storageClass: entry.storageClass = storageClass(named: value)
            case .isTruncated:
                guard value.equals("true") || value.equals("false") else {
                    throw MalformedXML(reason: "IsTruncated is '\(value.text)'")
                }
                isTruncated = value.equals("true")
            case .nextContinuationToken: token = value.bytes
            case .encodingType: isURLEncoded = value.equals("url")
            }
        }

        private mutating func finishEntry() throws(MalformedXML) {
            guard !entry.key.isEmpty else { throw MalformedXML(reason: "an object has no key") }
            guard entry.size >= 0 else { throw MalformedXML(reason: "an object has no size") }
            guard entries.count < ListPageReader.largestCount else {
                throw MalformedXML(reason: "it lists more than \(ListPageReader.largestCount) objects")
            }
            entries.append(entry)
        }

        /// One instance for each class that the page names, so that its name is stored once.
        private mutating func storageClass(named name: Span<UInt8>) -> StorageClass {
            for known in classes where name.equals(known.bytes.span) { return known.storageClass }
            let new = StorageClass(name.text)
            classes.append((name.bytes, new))
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
