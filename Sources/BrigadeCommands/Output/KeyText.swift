internal import S3Protocol

/// Keys as lines of text can show them.
enum KeyText {
    /// The key with control characters as `\xNN` and backslashes doubled, so that it stays on its line and can be told
    /// from every other key; what is not UTF-8 becomes U+FFFD.
    static func display(_ key: ObjectKey) -> String {
        var text = ""
        for scalar in key.description.unicodeScalars {
            switch scalar.value {
            case 0..<0x20, 0x7F..<0xA0:
                let digits = String(scalar.value, radix: 16, uppercase: true)
                text += "\\x" + (digits.count == 1 ? "0" : "") + digits
            case 0x5C: text += "\\\\"
            default: text.unicodeScalars.append(scalar)
            }
        }
        return text
    }
}
