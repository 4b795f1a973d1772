/// A listing is not in the order of its names' bytes, or tells a name twice.
public struct DisorderError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The first name that is not above the one before it.
    public let name: [UInt8]

    /// A sentence for a person.
    public var description: String { "'\(String(decoding: name, as: UTF8.self))' is not above the name before it" }
}
