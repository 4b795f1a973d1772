/// A keyspace cut into parts that lie side by side, as a parallel listing gives them, some of them empty.
public struct SpoolParts {
    /// What each part begins after, in order; the last one has no end.
    private let bounds: [[UInt8]]
    /// The bytes of each part; 0 for one without keys.
    public let lengths: [Int]

    /// Cuts a keyspace at random places.
    public init(count: Int, generator: inout SeededGenerator) {
        var bounds: Set<[UInt8]> = [[]]
        while bounds.count < count {
            // Few values, so that bounds begin with each other.
            bounds.insert((0..<generator.number(1...5)).map { _ in generator.pick([0x00, 0x2F, 0x61, 0xFF]) })
        }
        self.bounds = bounds.sorted { $0.lexicographicallyPrecedes($1) }
        lengths = bounds.map { _ in generator.chance(oneIn: 4) ? 0 : generator.number(1...50) }
    }

    /// The bounds of each part: above the first, up to and with the second, which is `nil` at the end.
    public var ranges: [(after: [UInt8], through: [UInt8]?)] {
        bounds.indices.map { (bounds[$0], $0 + 1 < bounds.count ? bounds[$0 + 1] : nil) }
    }

    /// The numbers of the parts that are not empty.
    public var withContent: [Int] { lengths.indices.filter { lengths[$0] > 0 } }

    /// The numbers of the parts in an order in which they might come: wholly at random, or as so many fetchers that
    /// each walk a range of their own would bring them, now and then out of turn.
    public func shuffled(generator: inout SeededGenerator) -> [Int] {
        let numbers = Array(lengths.indices)
        guard generator.chance(oneIn: 2) else { return numbers.shuffled(using: &generator) }
        let size = (numbers.count + 7) / generator.number(1...8)
        var walks = stride(from: 0, to: numbers.count, by: max(1, size)).map { start in
            Array(numbers[start..<min(numbers.count, start + max(1, size))])
        }
        var result: [Int] = []
        while let walk = walks.indices.randomElement(using: &generator) {
            let isOutOfTurn = walks[walk].count > 1 && generator.chance(oneIn: 10)
            result.append(walks[walk].remove(at: isOutOfTurn ? 1 : 0))
            if walks[walk].isEmpty { walks.remove(at: walk) }
        }
        return result
    }
}
