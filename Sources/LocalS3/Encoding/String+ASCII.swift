extension StringProtocol {
    /// Whether the text starts with an ASCII text, letter case aside.
    ///
    /// Header names compare so (RFC 9110, 5.1).
    func hasASCIIPrefix(_ prefix: String) -> Bool {
        var bytes = utf8.makeIterator()
        for expected in prefix.utf8 {
            guard let byte = bytes.next(), byte.asciiLowercased == expected.asciiLowercased else { return false }
        }
        return true
    }

    /// Whether two ASCII texts are the same, letter case aside.
    func equalsASCII(_ other: some StringProtocol) -> Bool {
        utf8.elementsEqual(other.utf8) { $0.asciiLowercased == $1.asciiLowercased }
    }

}

extension StringProtocol where SubSequence == Substring {
    /// The text without spaces and tabs at its ends, as header values are read (RFC 9110, 5.5).
    func trimmingSpaces() -> Substring {
        var text = self[...]
        while let first = text.utf8.first, first == UInt8(ascii: " ") || first == UInt8(ascii: "\t") {
            text = text.dropFirst()
        }
        while let last = text.utf8.last, last == UInt8(ascii: " ") || last == UInt8(ascii: "\t") {
            text = text.dropLast()
        }
        return text
    }
}

extension UInt8 {
    var asciiLowercased: UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(self) ? self | 0x20 : self
    }
}
