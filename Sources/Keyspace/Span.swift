/// Keys that were counted: what the density of a neighbourhood is known from.
struct Span: Sendable {
    /// The first key that was counted, or a key that nothing lies between.
    var first: [UInt8]
    /// The last key that was counted.
    var last: [UInt8]
    /// The number of keys from `first` to `last`; at least 2.
    var count: Int
}
