/// A part of the keyspace: the keys above `after`, up to and with `through`, in the order of their bytes.
public struct KeyBounds: Sendable, Hashable {
    /// The exclusive lower bound; empty at the start of the keyspace.
    public var after: [UInt8]
    /// The inclusive upper bound; `nil` at the end of the keyspace.
    public var through: [UInt8]?

    /// Creates a part.
    public init(after: [UInt8], through: [UInt8]?) {
        self.after = after
        self.through = through
    }

    func contains(_ key: ArraySlice<UInt8>) -> Bool {
        after.lexicographicallyPrecedes(key) && !ends(before: key)
    }

    /// Whether all of it lies below a key.
    func ends(before key: some Sequence<UInt8>) -> Bool {
        through.map { $0.lexicographicallyPrecedes(key) } ?? false
    }

    /// Whether the two have keys in common, or one begins where the other ends.
    func touches(_ other: KeyBounds) -> Bool {
        !ends(before: other.after) && !other.ends(before: after)
    }

    /// The least part that holds both.
    func hull(_ other: KeyBounds) -> KeyBounds {
        let after = other.after.lexicographicallyPrecedes(after) ? other.after : after
        guard let through, let end = other.through else { return KeyBounds(after: after, through: nil) }
        return KeyBounds(after: after, through: through.lexicographicallyPrecedes(end) ? end : through)
    }
}
