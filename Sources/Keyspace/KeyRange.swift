/// A contiguous part of a bucket's keys, in byte order: those above `after`, up to and with `through`.
///
/// Bounds are raw bytes and need not be keys that exist. The order is that of the bytes, as general-purpose buckets
/// list (S3 API reference, ListObjectsV2).
public struct KeyRange: Sendable, Hashable {
    /// The exclusive lower bound; empty for the very start, since every key has at least one byte.
    public var after: [UInt8]
    /// The inclusive upper bound; `nil` for no bound.
    public var through: [UInt8]?

    /// Creates the range above `after`, up to and with `through`.
    public init(after: [UInt8] = [], through: [UInt8]? = nil) {
        self.after = after
        self.through = through
    }

    /// Whether the key lies in the range.
    public func contains(_ key: ArraySlice<UInt8>) -> Bool {
        guard KeyOrder.precedes(after[...], key) else { return false }
        guard let through else { return true }
        return !KeyOrder.precedes(through[...], key)
    }
}
