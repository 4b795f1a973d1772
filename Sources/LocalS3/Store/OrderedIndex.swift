/// A map from keys to values in the keys' order, for millions of keys.
///
/// It is a list of sorted blocks: finding a key is two binary searches, and inserting moves at most one block's
/// entries. Keys that arrive in order fill their blocks to the brim. With 5,000,000 keys the list of blocks has some
/// 10,000 to 20,000 entries, which fit a cache.
struct OrderedIndex<Key: Comparable, Value> {
    /// Where a scan begins.
    enum Bound {
        /// At the first key of all.
        case start
        /// At this key, or the next one where it isn't there.
        case atOrAfter(Key)
        /// Above this key.
        case after(Key)
    }

    fileprivate struct Block {
        var keys: [Key]
        var values: [Value]
    }

    /// Where an entry is; valid until the next change.
    struct Position {
        fileprivate var block: Int
        fileprivate var offset: Int
    }

    private var blocks: [Block] = []
    private let blockCapacity: Int

    /// The number of entries.
    private(set) var count = 0

    /// Creates an empty index.
    ///
    /// - Parameter blockCapacity: the most entries in a block, at least 2; tests take a small one.
    init(blockCapacity: Int = 512) {
        precondition(blockCapacity >= 2, "a block must hold two entries, so that it can be split")
        self.blockCapacity = blockCapacity
    }

    var isEmpty: Bool { count == 0 }

    /// The value of a key, or `nil`.
    subscript(key: Key) -> Value? {
        guard let block = blockIndex(of: key) else { return nil }
        let offset = lowerBound(of: key, in: block)
        guard offset < blocks[block].keys.count, blocks[block].keys[offset] == key else { return nil }
        return blocks[block].values[offset]
    }

    /// Sets the value of a key, and returns the one it had.
    @discardableResult
    mutating func insert(_ value: Value, for key: Key) -> Value? {
        guard let block = blockIndex(of: key) ?? (blocks.isEmpty ? nil : 0) else {
            blocks.append(Block(keys: [key], values: [value]))
            count = 1
            return nil
        }
        let offset = lowerBound(of: key, in: block)
        if offset < blocks[block].keys.count, blocks[block].keys[offset] == key {
            let old = blocks[block].values[offset]
            blocks[block].values[offset] = value
            return old
        }
        count += 1
        guard blocks[block].keys.count == blockCapacity else {
            blocks[block].keys.insert(key, at: offset)
            blocks[block].values.insert(value, at: offset)
            return nil
        }
        if block == blocks.count - 1, offset == blockCapacity {
            blocks.append(Block(keys: [key], values: [value]))
            return nil
        }
        let middle = blockCapacity / 2
        let upper = Block(keys: Array(blocks[block].keys[middle...]), values: Array(blocks[block].values[middle...]))
        blocks[block].keys.removeSubrange(middle...)
        blocks[block].values.removeSubrange(middle...)
        blocks.insert(upper, at: block + 1)
        let (target, place) = offset <= middle ? (block, offset) : (block + 1, offset - middle)
        blocks[target].keys.insert(key, at: place)
        blocks[target].values.insert(value, at: place)
        return nil
    }

    /// Removes a key, and returns the value it had.
    @discardableResult
    mutating func remove(_ key: Key) -> Value? {
        guard let block = blockIndex(of: key) else { return nil }
        let offset = lowerBound(of: key, in: block)
        guard offset < blocks[block].keys.count, blocks[block].keys[offset] == key else { return nil }
        count -= 1
        blocks[block].keys.remove(at: offset)
        let old = blocks[block].values.remove(at: offset)
        if blocks[block].keys.isEmpty {
            blocks.remove(at: block)
        } else if block + 1 < blocks.count,
            blocks[block].keys.count + blocks[block + 1].keys.count <= blockCapacity / 2
        {
            let next = blocks.remove(at: block + 1)
            blocks[block].keys.append(contentsOf: next.keys)
            blocks[block].values.append(contentsOf: next.values)
        }
        return old
    }

    /// The first entry at or above a bound, or `nil` past the last.
    func position(of bound: Bound) -> Position? {
        guard !blocks.isEmpty else { return nil }
        let key: Key
        let includesKey: Bool
        switch bound {
        case .start: return Position(block: 0, offset: 0)
        case .atOrAfter(let bound): (key, includesKey) = (bound, true)
        case .after(let bound): (key, includesKey) = (bound, false)
        }
        let block = blockIndex(of: key) ?? 0
        var offset = lowerBound(of: key, in: block)
        if !includesKey, offset < blocks[block].keys.count, blocks[block].keys[offset] == key { offset += 1 }
        return normalized(Position(block: block, offset: offset))
    }

    /// The entry above another, or `nil` past the last.
    func position(after position: Position) -> Position? {
        normalized(Position(block: position.block, offset: position.offset + 1))
    }

    /// The entry at a position.
    subscript(position: Position) -> (key: Key, value: Value) {
        (blocks[position.block].keys[position.offset], blocks[position.block].values[position.offset])
    }

    private func normalized(_ position: Position) -> Position? {
        if position.offset < blocks[position.block].keys.count { return position }
        return position.block + 1 < blocks.count ? Position(block: position.block + 1, offset: 0) : nil
    }

    /// The last block whose first key is not above the key; `nil` when the key is below all.
    private func blockIndex(of key: Key) -> Int? {
        var (low, high) = (0, blocks.count)
        while low < high {
            let middle = (low + high) / 2
            if key < blocks[middle].keys[0] { high = middle } else { low = middle + 1 }
        }
        return low == 0 ? nil : low - 1
    }

    private func lowerBound(of key: Key, in block: Int) -> Int {
        var (low, high) = (0, blocks[block].keys.count)
        while low < high {
            let middle = (low + high) / 2
            if blocks[block].keys[middle] < key { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

extension OrderedIndex.Block: Sendable where Key: Sendable, Value: Sendable {}
extension OrderedIndex: Sendable where Key: Sendable, Value: Sendable {}
