import FoundationEssentials

/// Values as JSON for people and programs: indented, with the members in the order of their names.
enum JSONDocument {
    /// The value's text, without a line feed at the end.
    static func encoded(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }
}
