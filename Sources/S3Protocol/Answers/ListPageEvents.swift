/// What ``ListPageReader`` gathers while the document is read.
///
/// Keys, ETags and prefixes are written once, one behind the other into the memory that becomes the page's, and keys are
/// decoded there; all other fields are read where they stand.
struct ListPageEvents: XMLEvents {
    private enum Field {
        case key, etag, size, lastModified, storageClass
        case commonPrefix
        case isTruncated, nextContinuationToken, encodingType, keyCount

        /// Whether the field's text is kept on the page.
        var isStored: Bool { self == .key || self == .etag || self == .commonPrefix }
    }

    /// The most objects that room is made for before they are there: as many as S3 lists on a page.
    private static let expectedAtMost = 1_000
    /// The most storage classes that a page may name; S3 has a dozen.
    private static let mostStorageClasses = 256

    private var storage: [UInt8] = []
    private var entries: [ListPage.Entry] = []
    private var prefixRanges: [Range<UInt32>] = []
    private var storageClasses: [StorageClass] = []
    private var entry = ListPageEvents.emptyEntry

    /// Whether the root element has come, and is a listing's.
    private(set) var hasBegun = false
    private var depth = 0
    private var isInContents = false
    private var isInCommonPrefixes = false
    private var field: Field?
    /// The text of the current field as far as it came, unless it goes straight into `storage`.
    private var value: [UInt8] = []
    private var fieldStart = 0

    private var isTruncated: Bool?
    private var token: [UInt8]?
    private var isURLEncoded: Bool?
    private var expectedCount = 0

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
            hasBegun = true
        case 2:
            isInContents = name.equals("Contents")
            isInCommonPrefixes = name.equals("CommonPrefixes")
            if isInContents {
                entry = Self.emptyEntry
            } else if !isInCommonPrefixes {
                field = Self.pageField(name)
            }
        case 3: field = innerField(name)
        default: break
        }
        if field != nil {
            value.removeAll(keepingCapacity: true)
            fieldStart = storage.count
        }
    }

    /// What fields are made of but for those whose text comes in pieces, and there are a thousand times as many of these
    /// as of all other elements: nothing is gathered, the text is read where it stands.
    mutating func leaf(_ name: Span<UInt8>, _ text: Span<UInt8>) throws(MalformedXML) {
        guard depth > 1 else {
            try startElement(name)
            if !text.isEmpty { try self.text(text) }
            return try endElement()
        }
        // A field that has an element inside it is none.
        field = nil
        guard depth == 2, let inner = innerField(name) else { return }
        fieldStart = storage.count
        if inner.isStored {
            storage.append(text)
            try checkSize()
        }
        try finish(inner, text)
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

    private func checkSize() throws(MalformedXML) {
        guard storage.count + value.count <= ListPageReader.largestPage else {
            throw MalformedXML(reason: "it is larger than a page can be")
        }
    }

    // MARK: Fields

    private static func pageField(_ name: Span<UInt8>) -> Field? {
        if name.equals("IsTruncated") { return .isTruncated }
        if name.equals("NextContinuationToken") { return .nextContinuationToken }
        if name.equals("EncodingType") { return .encodingType }
        if name.equals("KeyCount") { return .keyCount }
        return nil
    }

    @inline(__always)
    private func innerField(_ name: Span<UInt8>) -> Field? {
        if isInContents { return Self.objectField(name) }
        return isInCommonPrefixes && name.equals("Prefix") ? .commonPrefix : nil
    }

    @inline(__always)
    private static func objectField(_ name: Span<UInt8>) -> Field? {
        switch name.count {
        case 3: name.equals("Key") ? .key : nil
        case 4: name.equals("ETag") ? .etag : name.equals("Size") ? .size : nil
        case 12: name.equals("LastModified") ? .lastModified : name.equals("StorageClass") ? .storageClass : nil
        default: nil
        }
    }

    private mutating func finish(_ field: Field, _ value: Span<UInt8>) throws(MalformedXML) {
        switch field {
        case .key:
            if isURLEncoded == true { try decodeLast() }
            entry.key = Self.range(fieldStart..<storage.count)
        case .commonPrefix:
            if isURLEncoded == true { try decodeLast() }
            prefixRanges.append(Self.range(fieldStart..<storage.count))
        case .etag:
            let etag = unquoted(storage[fieldStart...])
            guard etag.count <= ListPageReader.longestETag else {
                throw MalformedXML(
                    reason: "an ETag has \(etag.count) bytes; more than \(ListPageReader.longestETag) is none"
                )
            }
            entry.etag = Self.range(etag.indices)
        case .size:
            guard let size = parseDecimal(value) else {
                throw MalformedXML(reason: "the size '\(value.text)' is no number")
            }
            entry.size = size
        case .lastModified: entry.lastModified = UTCTime(rfc3339: value)
        case .storageClass: entry.storageClass = try indexOfStorageClass(value)
        case .isTruncated:
            guard value.equals("true") || value.equals("false") else {
                throw MalformedXML(reason: "IsTruncated is '\(value.text)'")
            }
            isTruncated = value.equals("true")
        case .nextContinuationToken: token = value.bytes
        case .encodingType: try setEncoding(value)
        case .keyCount: expectedCount = min(parseDecimal(value) ?? 0, Self.expectedAtMost)
        }
    }

    private mutating func finishEntry() throws(MalformedXML) {
        guard !entry.key.isEmpty else { throw MalformedXML(reason: "an object has no key") }
        guard entry.size >= 0 else { throw MalformedXML(reason: "an object has no size") }
        guard entries.count < ListPageReader.largestCount else {
            throw MalformedXML(reason: "it lists more than \(ListPageReader.largestCount) objects")
        }
        if entries.isEmpty { entries.reserveCapacity(expectedCount) }
        entries.append(entry)
        reserveStorage()
    }

    /// Makes room for the objects that are still to come, when what there is runs out.
    ///
    /// They take about as much as those before them, quotes of ETags included. An array that grew by itself would double,
    /// and every connection of a listing has a page in the making.
    private mutating func reserveStorage() {
        let average = storage.count / entries.count
        guard entries.count < expectedCount, storage.capacity - storage.count < 2 * average else { return }
        let room = storage.count + average * (expectedCount - entries.count + 2)
        storage.reserveCapacity(min(room + room / 32, ListPageReader.largestPage))
    }

    /// The place of a class among those that the page names, so that each name is stored once.
    private mutating func indexOfStorageClass(_ name: Span<UInt8>) throws(MalformedXML) -> UInt8 {
        for index in storageClasses.indices where name.equals(storageClasses[index].description.utf8.span) {
            return UInt8(index)
        }
        guard storageClasses.count < Self.mostStorageClasses else {
            throw MalformedXML(reason: "it names more than \(Self.mostStorageClasses) storage classes")
        }
        storageClasses.append(StorageClass(name.text))
        return UInt8(storageClasses.count - 1)
    }

    private static func range(_ range: Range<Int>) -> Range<UInt32> {
        UInt32(range.lowerBound)..<UInt32(range.upperBound)
    }

    // MARK: URL encoding

    /// Learns whether keys and prefixes are encoded, and decodes those that came before.
    ///
    /// Amazon S3 may tell it behind the keys that it says how to read, and SeaweedFS does.
    private mutating func setEncoding(_ type: Span<UInt8>) throws(MalformedXML) {
        let isURL = type.equals("url")
        guard isURLEncoded == nil || isURLEncoded == isURL else {
            throw MalformedXML(reason: "it tells two encodings of its keys")
        }
        if isURL, isURLEncoded == nil {
            for index in entries.indices { entries[index].key = try decode(entries[index].key) }
            for index in prefixRanges.indices { prefixRanges[index] = try decode(prefixRanges[index]) }
        }
        isURLEncoded = isURL
    }

    /// Decodes the field that was stored last, and takes back the room that it no longer needs.
    private mutating func decodeLast() throws(MalformedXML) {
        let decoded = try decode(Self.range(fieldStart..<storage.count))
        storage.removeLast(storage.count - Int(decoded.upperBound))
    }

    private mutating func decode(_ range: Range<UInt32>) throws(MalformedXML) -> Range<UInt32> {
        guard let length = storage.decodeURLEncoding(in: Int(range.lowerBound)..<Int(range.upperBound)) else {
            throw MalformedXML(reason: "a key is not URL-encoded as the answer says")
        }
        return range.lowerBound..<(range.lowerBound + UInt32(length))
    }

    // MARK: The page

    /// The page, when the whole document was there.
    consuming func page() throws(MalformedXML) -> ListPage {
        guard let isTruncated else {
            throw MalformedXML(reason: "it does not say whether more keys follow", isWhole: true)
        }
        // Only now, since keys that are told before their encoding are longer at first.
        if let longest = entries.lazy.map(\.key.count).max(), longest > ObjectKey.maximumLength {
            throw MalformedXML(reason: "a key has \(longest) bytes, and \(ObjectKey.maximumLength) is the most on S3")
        }
        let prefixes = prefixRanges.map { ObjectKey(storage[Int($0.lowerBound)..<Int($0.upperBound)]) }
        return ListPage(
            storage: storage,
            entries: entries,
            storageClasses: storageClasses,
            commonPrefixes: prefixes,
            isTruncated: isTruncated,
            nextContinuationToken: token
        )
    }
}
