/// How the keys of a copy are renamed: the source's prefix is taken off, the destination's put in its place.
///
/// A prefix is bytes, not a folder: nothing says that it ends in `/`, and `photos` is a prefix of `photos-old/1` too.
public struct PrefixMapping: Sendable, Hashable {
    /// What every key to be copied begins with; empty for all keys.
    public var source: [UInt8]
    /// What every copy begins with; empty for none.
    public var destination: [UInt8]

    /// Creates a mapping between two prefixes.
    public init(source: [UInt8], destination: [UInt8]) {
        self.source = source
        self.destination = destination
    }

    /// The key of the copy of a key.
    ///
    /// - Returns: `nil` if the key does not begin with the source's prefix; the key itself, unallocated, where the two
    ///   prefixes are the same.
    public func map(_ key: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        guard key.starts(with: source) else { return nil }
        if source == destination { return key }
        var result = [UInt8]()
        result.reserveCapacity(destination.count + key.count - source.count)
        result.append(contentsOf: destination)
        result.append(contentsOf: key.dropFirst(source.count))
        return result[...]
    }

    /// Whether, in one and the same bucket, copies could land among the keys that are copied: one of the prefixes
    /// begins with the other.
    ///
    /// Such a copy would list its own results, or overwrite what it has yet to read.
    public var overlapsItself: Bool {
        source.starts(with: destination) || destination.starts(with: source)
    }
}
