/// Character references and the five entities that XML itself defines (XML 1.0, sections 4.1 and 4.6).
enum XMLReference {
    /// The most bytes between `&` and `;`: a character's number with leading zeros.
    static let longest = 10

    /// Appends what a reference stands for, given what is between its `&` and its `;`.
    static func append(_ reference: Span<UInt8>, to text: inout [UInt8]) throws(MalformedXML) {
        guard let scalar = scalar(reference) else {
            throw MalformedXML(reason: "it holds the unknown reference '&\(reference.text);'")
        }
        if scalar.isASCII { text.append(UInt8(scalar.value)) } else { text.append(contentsOf: String(scalar).utf8) }
    }

    /// Appends a whole text with its references replaced by what they stand for.
    static func appendDecoded(_ encoded: Span<UInt8>, to text: inout [UInt8]) throws(MalformedXML) {
        var index = 0
        while true {
            let ampersand = encoded.firstIndex(of: UInt8(ascii: "&"), from: index)
            if ampersand > index { text.append(encoded.extracting(index..<ampersand)) }
            guard ampersand < encoded.count else { return }
            let start = ampersand + 1
            var end = start
            while end < encoded.count, encoded[end] != UInt8(ascii: ";"), end - start <= longest { end += 1 }
            guard end < encoded.count, end - start <= longest else {
                throw MalformedXML(reason: "a reference is not closed")
            }
            try append(encoded.extracting(start..<end), to: &text)
            index = end + 1
        }
    }

    private static func scalar(_ reference: Span<UInt8>) -> Unicode.Scalar? {
        guard reference.count >= 2 else { return nil }
        if reference[0] == UInt8(ascii: "#") {
            let isHexadecimal = reference[1] == UInt8(ascii: "x")
            return number(reference.extracting((isHexadecimal ? 2 : 1)...), radix: isHexadecimal ? 16 : 10)
                .flatMap(Unicode.Scalar.init)
        }
        switch reference.count {
        case 2: return reference.equals("lt") ? "<" : reference.equals("gt") ? ">" : nil
        case 3: return reference.equals("amp") ? "&" : nil
        case 4: return reference.equals("quot") ? "\"" : reference.equals("apos") ? "'" : nil
        default: return nil
        }
    }

    /// A number of digits alone, which are at most ``longest`` and so cannot overflow.
    private static func number(_ digits: Span<UInt8>, radix: UInt64) -> UInt32? {
        guard !digits.isEmpty, digits.count <= longest else { return nil }
        var number: UInt64 = 0
        for index in digits.indices {
            guard let digit = digits[index].hexadecimalValue, digit < radix else { return nil }
            number = number * radix + UInt64(digit)
        }
        return UInt32(exactly: number)
    }
}
