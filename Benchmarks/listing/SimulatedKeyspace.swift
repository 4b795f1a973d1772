/// A bucket's keys, answered by arithmetic where possible, so that a hundred million need no memory.
protocol SimulatedKeyspace: Sendable {
    var name: String { get }
    /// What all keys of the job begin with; empty for a whole bucket.
    var prefix: [UInt8] { get }
    var count: Int { get }
    /// The key at a place in the sorted order.
    func key(at index: Int) -> [UInt8]
}

extension SimulatedKeyspace {
    var prefix: [UInt8] { [] }

    /// The number of keys up to and with a bound: where a listing after it begins.
    func index(after bound: [UInt8]) -> Int {
        var low = 0
        var high = count
        while low < high {
            let middle = (low + high) / 2
            if bound.lexicographicallyPrecedes(key(at: middle)) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}

/// The keys of one answer, each made when it is looked at.
struct SimulatedPage: RandomAccessCollection {
    let keyspace: any SimulatedKeyspace
    let startIndex: Int
    let endIndex: Int

    subscript(index: Int) -> ArraySlice<UInt8> { keyspace.key(at: index)[...] }
}
