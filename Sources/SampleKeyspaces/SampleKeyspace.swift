/// The keys of a sample bucket, in the order of their bytes.
///
/// Most are computed when they are looked at, so that a hundred million take no memory.
public protocol SampleKeyspace: Sendable {
    /// The number of keys.
    var count: Int { get }

    /// The key at a place in the order, from 0 to `count - 1`: 1 to 1,024 bytes of UTF-8.
    func key(at index: Int) -> [UInt8]
}

extension SampleKeyspace {
    /// The number of keys up to and with a bound: where a listing after it begins.
    public func index(after bound: [UInt8]) -> Int {
        var low = 0
        var high = count
        while low < high {
            let middle = (low + high) / 2
            if bound.lexicographicallyPrecedes(key(at: middle)) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
