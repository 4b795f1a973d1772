extension Span<UInt8> {
    /// Whether the bytes are those of an ASCII literal.
    @inline(__always)
    func equals(_ literal: StaticString) -> Bool {
        literal.withUTF8Buffer { equals($0.span) }
    }

    /// The bytes as an array.
    var bytes: [UInt8] {
        var bytes = [UInt8]()
        bytes.append(self)
        return bytes
    }

    /// The bytes as text to show.
    var text: String { String(decoding: bytes, as: UTF8.self) }
}

extension Array<UInt8> {
    /// Appends the bytes of a span.
    mutating func append(_ span: Span<UInt8>) {
        span.withUnsafeBufferPointer { append(contentsOf: $0) }
    }
}
