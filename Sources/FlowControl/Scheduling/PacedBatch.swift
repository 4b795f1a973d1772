/// A batch of objects, as far as a ``CopyScheduler`` has to know them.
public protocol PacedBatch: AnyObject, Sendable {
    /// How many there are.
    var count: Int { get }
    /// Of which keys these are all, if they are in the order of their bytes; `nil` if they are in another.
    var bounds: KeyBounds? { get }

    /// The key of an object, counted from 0.
    func key(_ index: Int) -> ArraySlice<UInt8>

    /// The size of an object in bytes.
    func size(_ index: Int) -> Int
}

extension PacedBatch {
    /// The first of the objects from `start` on whose key is beyond a bound, if they are in order.
    func firstIndex(from start: Int, upTo end: Int, where isBeyond: (ArraySlice<UInt8>) -> Bool) -> Int {
        var (low, high) = (start, end)
        while low < high {
            let middle = (low + high) / 2
            if isBeyond(key(middle)) { high = middle } else { low = middle + 1 }
        }
        return low
    }

    /// What is likely to be throttled where one object is: what lies beside it in the same folder.
    func folder(of index: Int) -> KeyBounds {
        guard let bounds else { return hull }
        let key = key(index)
        guard let slash = key.lastIndex(of: UInt8(ascii: "/")) else { return bounds }
        let folder = key[...slash]
        let first = firstIndex(from: 0, upTo: index) { $0.starts(with: folder) }
        let end = firstIndex(from: index, upTo: count) { !$0.starts(with: folder) }
        return KeyBounds(
            after: first == 0 ? bounds.after : Array(self.key(first - 1)),
            through: end == count ? bounds.through : Array(self.key(end - 1))
        )
    }

    /// The part of the keyspace that holds all objects.
    var hull: KeyBounds {
        if let bounds { return bounds }
        var (lowest, highest) = (key(0), key(0))
        for index in 1..<max(1, count) {
            let key = key(index)
            if key.lexicographicallyPrecedes(lowest) { lowest = key }
            if highest.lexicographicallyPrecedes(key) { highest = key }
        }
        // Whatever a key begins with is below it.
        return KeyBounds(after: Array(lowest.dropLast()), through: Array(highest))
    }
}
