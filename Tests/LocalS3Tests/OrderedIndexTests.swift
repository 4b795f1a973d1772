import Testing

@testable import LocalS3

@Suite struct OrderedIndexTests {
    /// Random insertions, replacements and removals, beside a sorted array that does the same.
    @Test(arguments: [1, 2, 3, 4, 5] as [UInt64], [2, 3, 8, 512])
    func behavesLikeASortedArray(seed: UInt64, blockCapacity: Int) {
        var random = SeededGenerator(seed: seed)
        var index = OrderedIndex<Int, Int>(blockCapacity: blockCapacity)
        var model: [(key: Int, value: Int)] = []
        for step in 0..<2000 {
            // Growth first, then shrinking to nothing, so that blocks are split, joined and dropped.
            let removes = Int.random(in: 0..<10, using: &random) < (step < 1000 ? 2 : 8)
            let key = Int.random(in: 0..<300, using: &random)
            let place = model.firstIndex { $0.key >= key } ?? model.count
            let isThere = place < model.count && model[place].key == key
            let old = isThere ? model[place].value : nil
            if removes {
                #expect(index.remove(key) == old)
                if isThere { model.remove(at: place) }
            } else {
                #expect(index.insert(step, for: key) == old)
                if isThere { model[place].value = step } else { model.insert((key, step), at: place) }
            }
            #expect(index.count == model.count)
            #expect(index.isEmpty == model.isEmpty)
            let probe = Int.random(in: -1..<301, using: &random)
            #expect(index[probe] == model.first { $0.key == probe }?.value)
            #expect(first(index, .atOrAfter(probe)) == model.first { $0.key >= probe }?.key)
            #expect(first(index, .after(probe)) == model.first { $0.key > probe }?.key)
            if step % 100 == 0 { #expect(entries(index).map(\.key) == model.map(\.key)) }
        }
        #expect(entries(index).map(\.value) == model.map(\.value))
    }

    @Test func keysInOrderFillTheirBlocks() {
        var index = OrderedIndex<Int, Int>(blockCapacity: 4)
        for key in 0..<100 { index.insert(key, for: key) }
        #expect(index.count == 100)
        #expect(entries(index).map(\.key) == Array(0..<100))
    }

    private func first(_ index: OrderedIndex<Int, Int>, _ bound: OrderedIndex<Int, Int>.Bound) -> Int? {
        index.position(of: bound).map { index[$0].key }
    }

    private func entries(_ index: OrderedIndex<Int, Int>) -> [(key: Int, value: Int)] {
        var result: [(key: Int, value: Int)] = []
        var position = index.position(of: .start)
        while let current = position {
            result.append(index[current])
            position = index.position(after: current)
        }
        return result
    }
}
