/// Parts of a listing that cannot be put in order, since they do not lie side by side.
public struct SpoolError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The range that was said to be covered, and that holds keys which another part covered before, or none at all.
    public let range: KeyRange

    /// A sentence for a person.
    public var description: String {
        "the keys after \"\(String(decoding: range.after, as: UTF8.self))\" were listed twice"
    }
}
