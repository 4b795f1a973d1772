/// The head of an HTTP answer.
///
/// The fields stay the bytes that arrived and are looked at only when asked for.
public struct ResponseHead: Sendable, Hashable {
    /// The status, 200 to 599: informational answers are passed over.
    public internal(set) var status: Int
    /// The fields' lines, each ended by a line feed.
    var lines: [UInt8]

    /// Creates a head from its parts, for tests and stand-ins.
    public init(status: Int, fields: [(String, String)] = []) {
        self.status = status
        self.lines = fields.flatMap { Array("\($0): \($1)\n".utf8) }
    }

    /// The fields in the order they came in; names as they were sent, values without white space at their ends.
    public var fields: [(name: String, value: ArraySlice<UInt8>)] {
        var result: [(name: String, value: ArraySlice<UInt8>)] = []
        for line in lines.split(separator: UInt8(ascii: "\n")) {
            guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { continue }
            result.append((String(decoding: line[..<colon], as: UTF8.self), trimmed(line[(colon + 1)...])))
        }
        return result
    }

    /// The value of the first field with a name, given in lower case; `nil` where there is none.
    public func first(_ name: StaticString) -> ArraySlice<UInt8>? {
        var start = 0
        while start < lines.count {
            let end = lines[start...].firstIndex(of: UInt8(ascii: "\n")) ?? lines.count
            let colon = start + name.utf8CodeUnitCount
            if colon < end, lines[colon] == UInt8(ascii: ":"), lines.span.hasName(name, at: start) {
                return trimmed(lines[(colon + 1)..<end])
            }
            start = end + 1
        }
        return nil
    }

    /// The value of the first field with a name, given in lower case, as text to show.
    public func text(_ name: StaticString) -> String? {
        first(name).map { String(decoding: $0, as: UTF8.self) }
    }
}

extension Span<UInt8> {
    /// Whether the bytes from `start` on are those of a lower-case literal, in either case.
    func hasName(_ name: StaticString, at start: Int) -> Bool {
        guard start + name.utf8CodeUnitCount <= count else { return false }
        return name.withUTF8Buffer { bytes in
            for index in bytes.indices where self[start + index].asciiLowercased != bytes[index] { return false }
            return true
        }
    }
}

/// Bytes without the white space at their ends.
func trimmed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    var bytes = bytes
    while let first = bytes.first, first.isWhiteSpace { bytes.removeFirst() }
    while let last = bytes.last, last.isWhiteSpace { bytes.removeLast() }
    return bytes
}
