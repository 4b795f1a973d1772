import FlowControl

/// A batch of keys, each object of as many bytes as its place says.
final class TestBatch: PacedBatch {
    let keys: [[UInt8]]
    let bounds: KeyBounds?

    /// Creates a batch.
    ///
    /// - Parameters:
    ///   - keys: The keys; in byte order, if `after` is given.
    ///   - after: What the batch begins after; `nil` if it is in no order.
    init(_ keys: [String], after: String? = "") {
        self.keys = keys.map { Array($0.utf8) }
        bounds = after.map { KeyBounds(after: Array($0.utf8), through: keys.last.map { Array($0.utf8) } ?? []) }
    }

    /// Keys of a prefix with a number of six digits, in byte order.
    convenience init(_ prefix: String, _ numbers: Range<Int>) {
        func key(_ number: Int) -> String {
            let digits = String(number)
            return prefix + String(repeating: "0", count: 6 - digits.count) + digits
        }
        self.init(numbers.map(key), after: numbers.lowerBound == 0 ? prefix : key(numbers.lowerBound - 1))
    }

    var count: Int { keys.count }

    func key(_ index: Int) -> ArraySlice<UInt8> { keys[index][...] }

    func size(_ index: Int) -> Int { index }
}
