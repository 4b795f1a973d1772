/// A query's parameters, decoded, in the order in which they were sent.
struct QueryParameters: Sendable {
    private(set) var pairs: [(name: String, value: String)] = []

    /// - Throws: `InvalidURI` when an escape is malformed or the text is not UTF-8.
    init(_ raw: some StringProtocol) throws(S3Error) {
        for pair in raw.utf8.split(separator: UInt8(ascii: "&")) {
            let mark = pair.firstIndex(of: UInt8(ascii: "=")) ?? pair.endIndex
            guard let name = PercentCoding.decodeText(pair[..<mark], plusIsSpace: true),
                let value = PercentCoding.decodeText(pair[mark...].dropFirst(), plusIsSpace: true)
            else { throw .invalidURI }
            pairs.append((name, value))
        }
    }

    /// The first value of a parameter; empty for one without a value, `nil` where it is not there.
    subscript(name: String) -> String? {
        pairs.first { $0.name == name }?.value
    }

    func contains(_ name: String) -> Bool { self[name] != nil }

    /// A parameter that is a number.
    ///
    /// - Throws: `InvalidArgument` when it is something else.
    func number(_ name: String, in range: ClosedRange<Int>) throws(S3Error) -> Int? {
        guard let text = self[name], !text.isEmpty else { return nil }
        guard let value = Int(text) else {
            throw .invalidArgument(name, text, "Provided \(name) not an integer or within integer range")
        }
        guard range.contains(value) else {
            throw .invalidArgument(
                name,
                text,
                "Argument \(name) must be an integer between \(range.lowerBound) and \(range.upperBound)"
            )
        }
        return value
    }
}
