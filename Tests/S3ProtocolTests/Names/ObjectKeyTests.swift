import S3Protocol
import TestSupport
import Testing

@Suite("Keys of objects")
struct ObjectKeyTests {
    @Test(
        "keys are ordered by their bytes, wherever they differ and however long they are",
        arguments: [1, 2] as [UInt64]
    )
    func order(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for length in 0..<40 {
            let first = (0..<length).map { _ in UInt8.random(in: 0...255, using: &random) }
            for place in 0...length {
                // Another byte at the place, what was there too, or the end.
                var second = first
                if place < length { second[place] = UInt8.random(in: 0...255, using: &random) }
                for other in [second, Array(first.prefix(place)), first + [0]] {
                    #expect((ObjectKey(first) < ObjectKey(other)) == first.lexicographicallyPrecedes(other))
                    #expect((ObjectKey(other) < ObjectKey(first)) == other.lexicographicallyPrecedes(first))
                }
            }
        }
    }

    @Test("a key that is part of a page's memory is ordered like any other")
    func slices() {
        let memory = Array("xabcdefgh1yabcdefgh2z".utf8)
        #expect(ObjectKey(memory[1..<10]) < ObjectKey(memory[11..<20]))
        #expect(!(ObjectKey(memory[11..<20]) < ObjectKey(memory[1..<10])))
    }
}
