/// The value of every byte as a hexadecimal digit, 16 or more for one that is none.
///
/// Looked up, since digits and letters come in no order that a processor could predict.
private let hexadecimalValues = InlineArray<256, UInt8> { UInt8($0).hexadecimalValue ?? 0xFF }

extension Array<UInt8> {
    /// Appends bytes percent-encoded as Signature Version 4 asks: everything but `A-Z a-z 0-9 - . _ ~` becomes `%XX`
    /// with upper-case digits (Amazon S3 API Reference, "Authenticating Requests", UriEncode).
    ///
    /// - Parameters:
    ///   - bytes: What to encode.
    ///   - keepingSlashes: Whether `/` stays, as it does in the path of a key and in a copy source, but not in a query.
    mutating func appendPercentEncoded(_ bytes: some Sequence<UInt8>, keepingSlashes: Bool) {
        for byte in bytes {
            if byte.isASCIILetterOrDigit || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".")
                || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "~")
                || (keepingSlashes && byte == UInt8(ascii: "/"))
            {
                append(byte)
            } else {
                append(UInt8(ascii: "%"))
                append(Self.uppercaseDigit(byte >> 4))
                append(Self.uppercaseDigit(byte & 15))
            }
        }
    }

    private static func uppercaseDigit(_ nibble: UInt8) -> UInt8 {
        nibble < 10 ? UInt8(ascii: "0") + nibble : UInt8(ascii: "A") + nibble - 10
    }

    /// Decodes a part in place as S3 encodes listings with `encoding-type=url`: `%XX` is a byte and `+` a space.
    ///
    /// The decoded text is never longer: it begins where the part begins, and what stands behind it is left over.
    ///
    /// - Returns: The length of the decoded text, or `nil` if a `%` is not followed by two hexadecimal digits.
    mutating func decodeURLEncoding(in part: Range<Int>) -> Int? {
        let (percent, plus) = (UInt8(ascii: "%"), UInt8(ascii: "+"))
        // What most keys consist of stays where it is.
        let plain = span.extracting(part).firstIndex(of: percent, or: plus, from: 0)
        guard plain < part.count else { return plain }
        // Unchecked in release builds, where the checks were a third of the time: the slice above has checked the part,
        // nothing is read beyond it, and `write` never passes `read`.
        let values = hexadecimalValues.span
        return withUnsafeMutableBufferPointer { storage in
            let bytes = UnsafeMutableBufferPointer(rebasing: storage[part])
            var (read, write) = (plain, plain)
            while read < bytes.count {
                let byte = bytes[read]
                if byte == percent {
                    guard bytes.count - read > 2 else { return nil }
                    let high = values[Int(bytes[read + 1])]
                    let low = values[Int(bytes[read + 2])]
                    guard high | low < 16 else { return nil }
                    bytes[write] = high << 4 | low
                    read += 3
                } else {
                    bytes[write] = byte == plus ? UInt8(ascii: " ") : byte
                    read += 1
                }
                write += 1
            }
            return write
        }
    }
}
