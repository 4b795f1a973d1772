internal import Foundation

/// Values as JSON on one line, the members in the order of their names.
enum JSONLine {
    /// The value's line, without a line feed.
    static func encoded(_ value: some Encodable) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do {
            return String(decoding: try encoder.encode(value), as: UTF8.self)
        } catch {
            preconditionFailure("a report of numbers and texts has a JSON form: \(error)")
        }
    }
}
