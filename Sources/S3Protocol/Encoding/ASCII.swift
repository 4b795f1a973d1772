extension UInt8 {
    /// Whether the byte is one of `A`–`Z`, `a`–`z`, `0`–`9`.
    var isASCIILetterOrDigit: Bool {
        switch self {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "a")...UInt8(ascii: "z"):
            true
        default: false
        }
    }

    /// The value of the byte as a hexadecimal digit of either case, `nil` if it is none.
    var hexadecimalValue: UInt8? {
        switch self {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): self - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): self - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): self - UInt8(ascii: "A") + 10
        default: nil
        }
    }

    /// The value of the byte as a decimal digit, `nil` if it is none.
    var decimalValue: UInt8? {
        self >= UInt8(ascii: "0") && self <= UInt8(ascii: "9") ? self - UInt8(ascii: "0") : nil
    }

    /// The byte with an ASCII capital made small.
    var asciiLowercased: UInt8 {
        self >= UInt8(ascii: "A") && self <= UInt8(ascii: "Z") ? self | 0x20 : self
    }

    /// Whether the byte is a space, tab, line feed or carriage return: XML's and HTTP's white space.
    var isWhiteSpace: Bool {
        self == 0x20 || self == 0x09 || self == 0x0A || self == 0x0D
    }
}

extension Array<UInt8> {
    /// Appends a number in decimal.
    mutating func appendDecimal(_ value: Int) {
        guard value >= 10 else {
            precondition(value >= 0, "only counts are written")
            return append(UInt8(ascii: "0") + UInt8(value))
        }
        appendDecimal(value / 10)
        append(UInt8(ascii: "0") + UInt8(value % 10))
    }

    /// Appends a number in decimal with zeros in front, `width` digits wide.
    mutating func appendDecimal(_ value: Int, width: Int) {
        var divisor = 1
        for _ in 1..<width { divisor *= 10 }
        var rest = value
        while divisor > 0 {
            append(UInt8(ascii: "0") + UInt8(rest / divisor % 10))
            rest %= divisor
            divisor /= 10
        }
    }

    /// Appends bytes as lower-case hexadecimal digits.
    mutating func appendHexadecimal(_ bytes: some Sequence<UInt8>) {
        for byte in bytes {
            append(Self.lowercaseDigit(byte >> 4))
            append(Self.lowercaseDigit(byte & 15))
        }
    }

    /// Appends a text's bytes, more cheaply than its view as a collection does.
    mutating func append(_ text: String) {
        append(text.utf8.span)
    }

    private static func lowercaseDigit(_ nibble: UInt8) -> UInt8 {
        nibble < 10 ? UInt8(ascii: "0") + nibble : UInt8(ascii: "a") + nibble - 10
    }
}

/// A decimal number of ASCII digits alone, `nil` for anything else: no sign, no space, no overflow.
func parseDecimal(_ digits: Span<UInt8>) -> Int? {
    guard !digits.isEmpty else { return nil }
    var value = 0
    for index in digits.indices {
        guard let digit = digits[index].decimalValue else { return nil }
        let (product, tooLarge) = value.multipliedReportingOverflow(by: 10)
        let (sum, alsoTooLarge) = product.addingReportingOverflow(Int(digit))
        guard !tooLarge, !alsoTooLarge else { return nil }
        value = sum
    }
    return value
}
