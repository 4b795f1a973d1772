internal import S3Protocol

/// Writes objects as lines, byte by byte and without a text for each, since a listing has millions of them.
///
/// A line feed ends each line and stands nowhere else.
struct ObjectLines {
    /// The lines so far.
    private(set) var bytes: [UInt8] = []

    private let format: ListFormat
    /// The day of the object before, and how it is written: objects of one day often come together.
    private var day = (number: Int.min, text: [UInt8]())

    /// Creates an empty text.
    init(_ format: ListFormat) {
        self.format = format
    }

    /// Forgets the lines, and keeps their room.
    mutating func removeAll() {
        bytes.removeAll(keepingCapacity: true)
    }

    /// Writes one object.
    mutating func append(_ object: ListedObject) {
        switch format {
        case .text: appendText(object)
        case .json: appendJSON(object)
        case .tsv: appendFields(object)
        }
        bytes.append(UInt8(ascii: "\n"))
    }

    // MARK: Text

    /// Time, size and key in columns, for people: the key as ``KeyText`` shows it.
    private mutating func appendText(_ object: ListedObject) {
        if let time = object.lastModified {
            append(time, between: UInt8(ascii: " "))
        } else {
            bytes.append(contentsOf: repeatElement(UInt8(ascii: " "), count: 19))
        }
        append(UInt8(ascii: " "))
        append(object.size, width: 12)
        append(UInt8(ascii: " "))
        let key = object.key
        if key.bytes.allSatisfy({ (0x20..<0x7F).contains($0) && $0 != UInt8(ascii: "\\") }) {
            bytes.append(contentsOf: key.bytes)
        } else {
            bytes.append(contentsOf: KeyText.display(key).utf8)
        }
    }

    // MARK: JSON

    /// One JSON object (RFC 8259), without the members that the server did not tell.
    private mutating func appendJSON(_ object: ListedObject) {
        append("{\"key\":")
        let key = object.key.bytes
        if !appendString(key) {
            append(",\"keyHex\":\"")
            for byte in key {
                bytes.append(Self.hexadecimal[Int(byte >> 4)])
                bytes.append(Self.hexadecimal[Int(byte & 15)])
            }
            append(UInt8(ascii: "\""))
        }
        append(",\"size\":")
        append(object.size)
        if let time = object.lastModified {
            append(",\"lastModified\":\"")
            append(time, between: UInt8(ascii: "T"))
            append("Z\"")
        }
        if !object.etag.isEmpty {
            append(",\"etag\":")
            _ = appendString(object.etag)
        }
        if let storageClass = object.storageClass {
            append(",\"storageClass\":")
            _ = appendString(Array(storageClass.description.utf8)[...])
        }
        append(UInt8(ascii: "}"))
    }

    /// Writes a JSON string.
    ///
    /// - Returns: Whether it says exactly what the text does: what is not UTF-8 becomes U+FFFD.
    private mutating func appendString(_ text: ArraySlice<UInt8>) -> Bool {
        guard !Self.standsForItself(text) else {
            append(UInt8(ascii: "\""))
            bytes.append(contentsOf: text)
            append(UInt8(ascii: "\""))
            return true
        }
        let isExact = (try? UTF8Span(validating: text.span)) != nil
        append(UInt8(ascii: "\""))
        appendEscaping(isExact ? text : Array(String(decoding: text, as: UTF8.self).utf8)[...]) { byte in
            switch byte {
            case UInt8(ascii: "\""): "\\\""
            case UInt8(ascii: "\\"): "\\\\"
            case 0..<0x20: Self.controlEscapes[Int(byte)]
            default: nil
            }
        }
        append(UInt8(ascii: "\""))
        return isExact
    }

    /// Whether a text is ASCII without anything that a JSON string escapes, as most are.
    ///
    /// Every byte is looked at, without an end before the last, so that many are at once.
    private static func standsForItself(_ text: ArraySlice<UInt8>) -> Bool {
        text.withUnsafeBufferPointer { bytes in
            var others: UInt8 = 0
            for byte in bytes {
                let isOther = byte < 0x20 || byte >= 0x80 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
                others |= isOther ? 1 : 0
            }
            return others == 0
        }
    }

    private static let hexadecimal = Array("0123456789abcdef".utf8)

    private static let controlEscapes: [StaticString] = [
        "\\u0000", "\\u0001", "\\u0002", "\\u0003", "\\u0004", "\\u0005", "\\u0006", "\\u0007",
        "\\b", "\\t", "\\n", "\\u000b", "\\f", "\\r", "\\u000e", "\\u000f",
        "\\u0010", "\\u0011", "\\u0012", "\\u0013", "\\u0014", "\\u0015", "\\u0016", "\\u0017",
        "\\u0018", "\\u0019", "\\u001a", "\\u001b", "\\u001c", "\\u001d", "\\u001e", "\\u001f",
    ]

    // MARK: Fields

    /// Key, size, time, ETag and storage class with tabs between them, each byte as it is but for the few escaped.
    private mutating func appendFields(_ object: ListedObject) {
        appendField(object.key.bytes)
        append(UInt8(ascii: "\t"))
        append(object.size)
        append(UInt8(ascii: "\t"))
        if let time = object.lastModified {
            append(time, between: UInt8(ascii: "T"))
            append(UInt8(ascii: "Z"))
        }
        append(UInt8(ascii: "\t"))
        appendField(object.etag)
        append(UInt8(ascii: "\t"))
        if let storageClass = object.storageClass { appendField(Array(storageClass.description.utf8)[...]) }
    }

    private mutating func appendField(_ text: ArraySlice<UInt8>) {
        appendEscaping(text) { byte in
            switch byte {
            case UInt8(ascii: "\t"): "\\t"
            case UInt8(ascii: "\n"): "\\n"
            case UInt8(ascii: "\r"): "\\r"
            case UInt8(ascii: "\\"): "\\\\"
            default: nil
            }
        }
    }

    // MARK: Parts

    /// Appends a text with some of its bytes replaced; what lies between those is appended as a whole.
    private mutating func appendEscaping(_ text: ArraySlice<UInt8>, _ escape: (UInt8) -> StaticString?) {
        var start = text.startIndex
        for index in text.indices {
            guard let replacement = escape(text[index]) else { continue }
            bytes.append(contentsOf: text[start..<index])
            append(replacement)
            start = index + 1
        }
        bytes.append(contentsOf: text[start...])
    }

    /// Appends `2024-05-01`, the separator, and `12:34:56`, in UTC.
    private mutating func append(_ time: UTCTime, between separator: UInt8) {
        let number = (time.secondsSinceEpoch - Self.secondOfDay(time)) / 86_400
        if number != day.number {
            let calendar = time.calendar
            var text = ObjectLines(format)
            text.append(calendar.year, width: 4, padding: UInt8(ascii: "0"))
            for part in [calendar.month, calendar.day] {
                text.append(UInt8(ascii: "-"))
                text.append(part, width: 2, padding: UInt8(ascii: "0"))
            }
            day = (number, text.bytes)
        }
        bytes.append(contentsOf: day.text)
        append(separator)
        let second = Self.secondOfDay(time)
        append(second / 3600, width: 2, padding: UInt8(ascii: "0"))
        append(UInt8(ascii: ":"))
        append(second / 60 % 60, width: 2, padding: UInt8(ascii: "0"))
        append(UInt8(ascii: ":"))
        append(second % 60, width: 2, padding: UInt8(ascii: "0"))
    }

    private static func secondOfDay(_ time: UTCTime) -> Int {
        let rest = time.secondsSinceEpoch % 86_400
        return rest < 0 ? rest + 86_400 : rest
    }

    /// Appends a number that is not negative, at its right end in a column.
    private mutating func append(_ number: Int, width: Int = 1, padding: UInt8 = UInt8(ascii: " ")) {
        var digits = 1
        var bound = 10
        while number >= bound, digits < 19 {
            digits += 1
            bound = digits < 19 ? bound * 10 : bound
        }
        bytes.append(contentsOf: repeatElement(padding, count: max(width, digits)))
        var rest = number
        var position = bytes.count
        for _ in 0..<digits {
            position -= 1
            bytes[position] = UInt8(ascii: "0") + UInt8(rest % 10)
            rest /= 10
        }
    }

    private mutating func append(_ byte: UInt8) {
        bytes.append(byte)
    }

    private mutating func append(_ literal: StaticString) {
        literal.withUTF8Buffer { bytes.append(contentsOf: $0) }
    }
}
