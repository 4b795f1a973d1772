extension Span<UInt8> {
    /// Whether the bytes are those of an ASCII literal.
    func equals(_ literal: StaticString) -> Bool {
        guard count == literal.utf8CodeUnitCount else { return false }
        return literal.withUTF8Buffer { bytes in
            for index in indices where self[index] != bytes[index] { return false }
            return true
        }
    }

    /// Whether the bytes are the same as others.
    func equals(_ other: Span<UInt8>) -> Bool {
        guard count == other.count else { return false }
        for index in indices where self[index] != other[index] { return false }
        return true
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
