/// The height of a limit.
public enum Ceiling: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// At most this much, in the unit of what is limited; inclusive.
    case at(UInt64)
    /// No limit; greater than any other.
    case unlimited

    /// The number; `nil` where there is none.
    public var value: UInt64? {
        if case .at(let value) = self { value } else { nil }
    }

    /// The number or `unlimited`.
    public var description: String {
        value.map(String.init) ?? "unlimited"
    }
}
