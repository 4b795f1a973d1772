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
        var write = part.lowerBound
        var read = part.lowerBound
        while read < part.upperBound {
            let byte = self[read]
            if byte == UInt8(ascii: "%") {
                guard read + 2 < part.upperBound, let high = self[read + 1].hexadecimalValue,
                    let low = self[read + 2].hexadecimalValue
                else { return nil }
                self[write] = high << 4 | low
                read += 3
            } else {
                self[write] = byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte
                read += 1
            }
            write += 1
        }
        return write - part.lowerBound
    }
}
