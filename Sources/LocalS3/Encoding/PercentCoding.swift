/// Percent-encoding as S3 uses it in paths, queries, copy sources and listings.
enum PercentCoding {
    /// Whether a byte stands for itself: RFC 3986's unreserved characters, the set that Signature V4 prescribes.
    @inline(__always)
    static func isUnreserved(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"),
            UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"):
            true
        default: false
        }
    }

    /// Appends bytes in the form that Signature V4 signs: everything but unreserved characters as `%XX`.
    ///
    /// In a path S3 leaves `/` as it is, in a query it doesn't.
    static func appendCanonical(_ bytes: some Sequence<UInt8>, keepingSlash: Bool, to output: inout [UInt8]) {
        for byte in bytes {
            if isUnreserved(byte) || (keepingSlash && byte == UInt8(ascii: "/")) {
                output.append(byte)
            } else {
                appendEscape(byte, to: &output)
            }
        }
    }

    /// The form that `encoding-type=url` asks for: as in an HTML form, a space as `+`, but `/` and `*` left alone.
    ///
    /// The S3 API reference shows `test_file(3).png` as `test_file%283%29.png`; botocore decodes with the rules of
    /// forms, `+` included.
    static func appendListed(_ bytes: [UInt8], to output: inout [UInt8]) {
        // Nearly all of a key stands for itself, and is appended in one piece.
        var start = 0
        for index in bytes.indices where !isListedAsIs(bytes[index]) {
            output.append(contentsOf: bytes[start..<index])
            if bytes[index] == UInt8(ascii: " ") {
                output.append(UInt8(ascii: "+"))
            } else {
                appendEscape(bytes[index], to: &output)
            }
            start = index + 1
        }
        output.append(contentsOf: bytes[start...])
    }

    @inline(__always)
    private static func isListedAsIs(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "/") || byte == UInt8(ascii: "*") || byte != UInt8(ascii: "~") && isUnreserved(byte)
    }

    private static func appendEscape(_ byte: UInt8, to output: inout [UInt8]) {
        output.append(UInt8(ascii: "%"))
        output.append(ByteText.uppercaseHexDigits[Int(byte >> 4)])
        output.append(ByteText.uppercaseHexDigits[Int(byte & 15)])
    }

    /// Decodes `%XX`, and `+` where a form's rules hold.
    ///
    /// - Returns: `nil` when a `%` is not followed by two hexadecimal digits.
    static func decode(_ text: some Sequence<UInt8>, plusIsSpace: Bool) -> [UInt8]? {
        var output: [UInt8] = []
        output.reserveCapacity(text.underestimatedCount)
        var iterator = text.makeIterator()
        while let byte = iterator.next() {
            switch byte {
            case UInt8(ascii: "%"):
                guard let high = iterator.next().flatMap(ByteText.hexValue),
                    let low = iterator.next().flatMap(ByteText.hexValue)
                else { return nil }
                output.append(high << 4 | low)
            case UInt8(ascii: "+") where plusIsSpace:
                output.append(UInt8(ascii: " "))
            default:
                output.append(byte)
            }
        }
        return output
    }

    /// As `decode`, but text; `nil` also when the bytes are not UTF-8.
    static func decodeText(_ text: some Sequence<UInt8>, plusIsSpace: Bool) -> String? {
        decode(text, plusIsSpace: plusIsSpace).flatMap { String(validating: $0, as: UTF8.self) }
    }
}
