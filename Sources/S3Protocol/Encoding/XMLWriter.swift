/// Writes the small XML documents that requests carry.
public struct XMLWriter: Sendable {
    /// The namespace of S3's documents.
    static let s3Namespace = "http://s3.amazonaws.com/doc/2006-03-01/"

    private(set) var bytes: [UInt8] = []

    /// Writes an element whose content `body` writes.
    mutating func element(_ name: String, namespace: String? = nil, _ body: (inout XMLWriter) -> Void) {
        bytes.append(contentsOf: "<\(name)".utf8)
        if let namespace { bytes.append(contentsOf: " xmlns=\"\(namespace)\"".utf8) }
        bytes.append(UInt8(ascii: ">"))
        body(&self)
        bytes.append(contentsOf: "</\(name)>".utf8)
    }

    /// Writes an element that holds text alone.
    mutating func element(_ name: String, text: some Sequence<UInt8>) {
        element(name) { $0.text(text) }
    }

    /// Writes text; what XML would read otherwise becomes a reference (line breaks too, which parsers fold).
    private mutating func text(_ text: some Sequence<UInt8>) {
        for byte in text {
            switch byte {
            case UInt8(ascii: "&"): bytes.append(contentsOf: "&amp;".utf8)
            case UInt8(ascii: "<"): bytes.append(contentsOf: "&lt;".utf8)
            case UInt8(ascii: ">"): bytes.append(contentsOf: "&gt;".utf8)
            case UInt8(ascii: "\""): bytes.append(contentsOf: "&quot;".utf8)
            case 0..<0x20: bytes.append(contentsOf: "&#\(byte);".utf8)
            default: bytes.append(byte)
            }
        }
    }

    /// Whether XML 1.0 has a form for every character of the key (XML 1.0, section 2.2).
    public static func canCarry(_ key: ObjectKey) -> Bool {
        var index = key.bytes.startIndex
        while index < key.bytes.endIndex {
            let byte = key.bytes[index]
            if byte < 0x20, byte != 0x09, byte != 0x0A, byte != 0x0D { return false }
            // U+FFFE and U+FFFF are EF BF BE and EF BF BF.
            if byte == 0xEF, key.bytes[index...].starts(with: [0xEF, 0xBF, 0xBE]) { return false }
            if byte == 0xEF, key.bytes[index...].starts(with: [0xEF, 0xBF, 0xBF]) { return false }
            index += 1
        }
        return true
    }
}
