import Keyspace
import TestSupport
import Testing

@Suite("The ledger of what is done with")
struct CompletionLedgerTests {
    private func stretch(_ after: String, _ through: String?, _ objects: Int = 1) -> CompletedStretch {
        CompletedStretch(range(after, through), objects: objects)
    }

    private func range(_ after: String, _ through: String?) -> KeyRange {
        KeyRange(after: Array(after.utf8), through: through.map { Array($0.utf8) })
    }

    @Test("stretches that meet become one")
    func merging() {
        var ledger = CompletionLedger()
        ledger.insert(stretch("b", "d", 10))
        ledger.insert(stretch("f", "h", 5))
        #expect(ledger.stretches == [stretch("b", "d", 10), stretch("f", "h", 5)])
        ledger.insert(stretch("d", "f", 3))
        #expect(ledger.stretches == [stretch("b", "h", 18)])
        ledger.insert(stretch("", "b", 1))
        ledger.insert(stretch("h", nil, 1))
        #expect(ledger.stretches == [stretch("", nil, 20)])
        #expect(ledger.gaps(in: KeyRange()).isEmpty)
    }

    @Test("what is known already changes nothing, and what overlaps is joined")
    func overlapping() {
        var ledger = CompletionLedger([stretch("b", "h", 18)])
        ledger.insert(stretch("c", "d", 2))
        ledger.insert(stretch("b", "h", 18))
        ledger.insert(stretch("d", "d", 0))
        #expect(ledger.stretches == [stretch("b", "h", 18)])
        ledger.insert(stretch("g", "k", 4))
        #expect(ledger.stretches == [stretch("b", "k", 22)])
        ledger.insert(stretch("a", nil, 30))
        #expect(ledger.stretches == [stretch("a", nil, 52)])
        ledger.insert(stretch("x", nil, 1))
        #expect(ledger.stretches == [stretch("a", nil, 52)])
    }

    @Test("gaps are what is left of a range")
    func gaps() {
        let ledger = CompletionLedger([stretch("b", "d"), stretch("f", "h")])
        #expect(ledger.gaps(in: KeyRange()) == [range("", "b"), range("d", "f"), range("h", nil)])
        #expect(ledger.gaps(in: range("b", "g")) == [range("d", "f")])
        #expect(ledger.gaps(in: range("c", "d")).isEmpty)
        #expect(ledger.gaps(in: range("e", "e5")) == [range("e", "e5")])
        #expect(ledger.gaps(in: range("g", nil)) == [range("h", nil)])
        #expect(CompletionLedger().gaps(in: range("a", "b")) == [range("a", "b")])
    }

    @Test("gaps close to each other are listed in one go, but nothing at the ends is listed for nothing")
    func coarseRanges() {
        let ledger = CompletionLedger([
            stretch("", "b", 10), stretch("c", "e", 100), stretch("f", "m", 2000), stretch("n", "p", 7),
            stretch("q", nil, 3),
        ])
        #expect(ledger.rangesToList(in: KeyRange(), mergingAcross: 1000) == [range("b", "f"), range("m", "q")])
        #expect(
            ledger.rangesToList(in: KeyRange(), mergingAcross: 0) == [
                range("b", "c"), range("e", "f"), range("m", "n"), range("p", "q"),
            ]
        )
    }

    @Test("a model: the ledger knows of every key whether it is done with", arguments: 1...40 as ClosedRange<UInt64>)
    func model(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let keys = Set((0..<60).map { _ in Array(random.text(1...4, of: ["a", "b", "\u{0}", "é"]).utf8) })
            .sorted { $0.lexicographicallyPrecedes($1) }
        var ledger = CompletionLedger()
        var done: Set<[UInt8]> = []
        for _ in 0..<40 {
            let first = random.number(0...keys.count - 1)
            let last = random.number(first...min(first + 5, keys.count - 1))
            let after = first == 0 ? [] : keys[first - 1]
            let through = last == keys.count - 1 && random.chance(oneIn: 2) ? nil : keys[last]
            done.formUnion(keys[first...last])
            ledger.insert(CompletedStretch(KeyRange(after: after, through: through), objects: last - first + 1))
            for (lower, upper) in zip(ledger.stretches, ledger.stretches.dropFirst()) {
                let end = lower.range.through ?? []
                #expect(end.lexicographicallyPrecedes(upper.range.after))
            }
            let gaps = ledger.gaps(in: KeyRange())
            for key in keys { #expect(gaps.contains { $0.contains(key[...]) } != done.contains(key)) }
            let listed = ledger.rangesToList(in: KeyRange(), mergingAcross: random.number(0...6))
            for key in keys where !done.contains(key) { #expect(listed.contains { $0.contains(key[...]) }) }
            #expect(listed.count <= gaps.count)
        }
    }

    @Test("verdicts of a batch become ranges from key to key, and in the end the batch's own")
    func batch() {
        let keys = ["k1", "k3", "k5", "k7"].map { Array($0.utf8)[...] }
        var batch = BatchCompletion(range("k0", "k9"), count: 4)
        #expect(batch.stretches { keys[$0] }.isEmpty)
        batch.complete(2)
        #expect(batch.range(of: 2) { keys[$0] } == range("k3", "k5"))
        batch.complete(0)
        #expect(batch.stretches { keys[$0] } == [stretch("k0", "k1"), stretch("k3", "k5")])
        batch.complete(1)
        #expect(batch.stretches { keys[$0] } == [stretch("k0", "k5", 3)])
        batch.complete(3)
        #expect(batch.range(of: 3) { keys[$0] } == range("k5", "k9"))
        #expect(batch.missing == 0)
        #expect(batch.stretches { keys[$0] } == [stretch("k0", "k9", 4)])
    }

    @Test("verdicts in any order end as one stretch", arguments: 1...10 as ClosedRange<UInt64>)
    func anyOrder(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let count = random.number(1...200)
        let keys = (0..<count).map { Array("key-\(String($0 + 1000))".utf8)[...] }
        var batch = BatchCompletion(KeyRange(), count: count)
        var ledger = CompletionLedger()
        for index in (0..<count).shuffled(using: &random) {
            batch.complete(index)
            ledger.insert(CompletedStretch(batch.range(of: index) { keys[$0] }, objects: 1))
            #expect(CompletionLedger(batch.stretches { keys[$0] }) == ledger)
        }
        #expect(ledger.stretches == [CompletedStretch(KeyRange(), objects: count)])
    }
}
