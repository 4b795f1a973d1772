internal import S3Protocol

/// Keys as lines of text can show them.
enum KeyText {
    /// The key with control characters as `\xNN` and backslashes doubled, so that it stays on its line and can be told
    /// from every other key; what is not UTF-8 becomes U+FFFD.
    static func display(_ key: ObjectKey) -> String {
        escaped(key.description, doublingBackslashes: true)
    }

    /// A text that came from elsewhere, in the same form: it can neither forge a line nor steer the terminal.
    static func escaped(_ original: String, doublingBackslashes: Bool = false) -> String {
        var text = ""
        for scalar in original.unicodeScalars {
            switch scalar.value {
            // Controls; and what turns the direction of text round, or breaks its lines (Unicode, UAX #9).
            case 0..<0x20, 0x7F..<0xA0, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069:
                let digits = String(scalar.value, radix: 16, uppercase: true)
                text += "\\x" + (digits.count == 1 ? "0" : "") + digits
            case 0x5C where doublingBackslashes: text += "\\\\"
            default: text.unicodeScalars.append(scalar)
            }
        }
        return text
    }
}

extension KeyText {
    /// A key's bytes as hexadecimal digits; `nil` if they are UTF-8, so that a text says them exactly.
    static func hexadecimalUnlessText(_ key: ObjectKey) -> String? {
        guard !key.description.utf8.elementsEqual(key.bytes) else { return nil }
        return key.bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}
