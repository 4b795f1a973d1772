/// Which objects of one part of a listing have their verdict: a bit for each.
///
/// Objects are taken in order, and their verdicts come in any. What has come is told as ranges of keys, each from the
/// key before to the last of a run, so that whoever keeps them needs no list of keys.
public struct BatchCompletion: Sendable {
    /// The range of which the batch has all keys.
    public let range: KeyRange
    /// The number of objects.
    public let count: Int
    /// The number of objects that wait for their verdict.
    public private(set) var missing: Int

    private var words: [UInt64]

    /// Creates the state of a batch with no verdicts yet.
    public init(_ range: KeyRange, count: Int) {
        self.range = range
        self.count = count
        missing = count
        words = Array(repeating: 0, count: (count + 63) / 64)
    }

    /// An object, counted from 0, has its verdict, which it had not before.
    public mutating func complete(_ index: Int) {
        precondition(!isComplete(index), "an object has one verdict")
        words[index / 64] |= 1 << UInt64(index % 64)
        missing -= 1
    }

    /// The range that is done with when an object is: from the key before it up to its own, or to the batch's end.
    ///
    /// - Parameters:
    ///   - index: The object, counted from 0.
    ///   - key: The key of an object.
    /// - Returns: The range, which is at least as large as what the object alone takes.
    public func range(of index: Int, key: (Int) -> ArraySlice<UInt8>) -> KeyRange {
        range(of: index..<index + 1, key: key)
    }

    /// What is done with, in ascending order.
    ///
    /// - Parameter key: The key of an object.
    /// - Returns: The stretches, of which no two meet; before any verdict, none.
    public func stretches(key: (Int) -> ArraySlice<UInt8>) -> [CompletedStretch] {
        guard missing > 0 else { return [CompletedStretch(range, objects: count)] }
        guard missing < count else { return [] }
        var result: [CompletedStretch] = []
        var start = 0
        while start < count {
            guard isComplete(start) else {
                start += 1
                continue
            }
            var end = start + 1
            while end < count, isComplete(end) { end += 1 }
            result.append(CompletedStretch(range(of: start..<end, key: key), objects: end - start))
            start = end
        }
        return result
    }

    private func isComplete(_ index: Int) -> Bool {
        words[index / 64] & 1 << UInt64(index % 64) != 0
    }

    private func range(of run: Range<Int>, key: (Int) -> ArraySlice<UInt8>) -> KeyRange {
        KeyRange(
            after: run.lowerBound == 0 ? range.after : Array(key(run.lowerBound - 1)),
            through: run.upperBound == count ? range.through : Array(key(run.upperBound - 1))
        )
    }
}
