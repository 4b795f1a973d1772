import TestSupport
import Testing

@testable import Keyspace

@Suite("Putting parts in order")
struct OrderedSpoolStateMachineTests {
    private static let link = SpoolBlock.linkLength

    private func range(_ after: String, _ through: String?) -> KeyRange {
        KeyRange(after: Array(after.utf8), through: through.map { Array($0.utf8) })
    }

    @Test("what comes in order is never stored")
    func inOrder() throws {
        var machine = OrderedSpoolStateMachine()
        #expect(try machine.take(range("", "c"), length: 10) == .giveOut(then: nil))
        #expect(try machine.take(range("c", "f"), length: 0) == .giveOut(then: nil))
        #expect(machine.frontier == Array("f".utf8))
        #expect(try machine.take(range("f", nil), length: 10) == .giveOut(then: nil))
        #expect(machine.frontier == nil)
        #expect(machine.highestStoredBytes == 0)
    }

    @Test("a part is chained to what ends where it begins, and to what begins where it ends")
    func chains() throws {
        var machine = OrderedSpoolStateMachine()
        let first = SpoolBlock(offset: 0, length: 5)
        let second = SpoolBlock(offset: first.end, length: 6)
        let third = SpoolBlock(offset: second.end, length: 7)
        let fourth = SpoolBlock(offset: third.end, length: 8)
        #expect(second.offset == 5 + Self.link)
        #expect(try machine.take(range("m", "p"), length: 5) == .store(first, next: nil, previous: nil))
        #expect(try machine.take(range("p", "q"), length: 6) == .store(second, next: nil, previous: first))
        #expect(try machine.take(range("c", "d"), length: 7) == .store(third, next: nil, previous: nil))
        #expect(machine.runCount == 2)
        #expect(try machine.take(range("d", "m"), length: 8) == .store(fourth, next: first, previous: third))
        #expect(machine.runCount == 1)
        #expect(try machine.take(range("", "c"), length: 9) == .giveOut(then: third))
        #expect(machine.runCount == 0)
        #expect(machine.frontier == Array("q".utf8))
        #expect(machine.storedBytes == 0, "all of it is given out, so that the room can be used again")
        #expect(machine.highestStoredBytes == fourth.end)
        #expect(try machine.take(range("x", nil), length: 5) == .store(first, next: nil, previous: nil))
    }

    @Test("what lies below a run becomes its beginning")
    func below() throws {
        var machine = OrderedSpoolStateMachine()
        let upper = SpoolBlock(offset: 0, length: 1)
        let lower = SpoolBlock(offset: upper.end, length: 1)
        #expect(try machine.take(range("m", nil), length: 1) == .store(upper, next: nil, previous: nil))
        #expect(try machine.take(range("k", "m"), length: 1) == .store(lower, next: upper, previous: nil))
        #expect(try machine.take(range("", "k"), length: 1) == .giveOut(then: lower))
        #expect(machine.frontier == nil)
    }

    @Test("empty parts close gaps and take no room")
    func empty() throws {
        var machine = OrderedSpoolStateMachine()
        #expect(try machine.take(range("x", "y"), length: 0) == .nothing)
        let upper = SpoolBlock(offset: 0, length: 3)
        #expect(try machine.take(range("m", "p"), length: 3) == .store(upper, next: nil, previous: nil))
        #expect(try machine.take(range("p", "x"), length: 0) == .nothing)
        #expect(machine.runCount == 1)
        let lower = SpoolBlock(offset: upper.end, length: 3)
        #expect(try machine.take(range("b", "c"), length: 3) == .store(lower, next: nil, previous: nil))
        #expect(try machine.take(range("c", "m"), length: 0) == .link(lower, to: upper))
        #expect(try machine.take(range("y", nil), length: 0) == .nothing)
        #expect(try machine.take(range("", "b"), length: 0) == .giveOut(then: lower))
        #expect(machine.frontier == nil)
    }

    @Test("room is kept while any run has something in it")
    func room() throws {
        var machine = OrderedSpoolStateMachine()
        _ = try machine.take(range("c", "d"), length: 1)
        _ = try machine.take(range("f", "g"), length: 1)
        _ = try machine.take(range("", "c"), length: 1)
        #expect(machine.storedBytes == 2 * (1 + Self.link))
        _ = try machine.take(range("d", "f"), length: 1)
        #expect(machine.storedBytes == 0)
    }

    @Test(
        "parts that overlap are refused, and change nothing",
        arguments: [
            ("", "b"), ("b", "c"), ("d", "h"), ("f", "i"), ("e", "i"), ("h", "k"), ("g", nil), ("", nil), ("i", "h"),
            ("i", "i"), ("r", "z"), ("s", nil),
        ] as [(String, String?)]
    )
    func overlapping(after: String, through: String?) throws {
        var machine = OrderedSpoolStateMachine()
        _ = try machine.take(range("", "d"), length: 1)
        _ = try machine.take(range("g", "j"), length: 1)
        _ = try machine.take(range("q", "s"), length: 1)
        _ = try machine.take(range("s", nil), length: 1)
        let error = #expect(throws: SpoolError.self) { try machine.take(range(after, through), length: 1) }
        #expect(error?.range == range(after, through))
        #expect(machine.runCount == 2 && machine.frontier == Array("d".utf8))
        #expect(machine.storedBytes == 3 * (1 + Self.link))
    }

    @Test("nothing comes behind the end")
    func end() throws {
        var machine = OrderedSpoolStateMachine(after: Array("a".utf8))
        #expect(throws: SpoolError.self) { try machine.take(range("", "b"), length: 1) }
        #expect(try machine.take(range("a", nil), length: 1) == .giveOut(then: nil))
        #expect(throws: SpoolError.self) { try machine.take(range("z", nil), length: 1) }
    }

    /// The model is the sorted array that the parts were cut from.
    @Test("whatever the order, every part comes out once and in its place", arguments: 1...40)
    func agreesWithModel(seed: Int) throws {
        var generator = SeededGenerator(seed: UInt64(seed))
        let parts = SpoolParts(count: generator.number(1...400), generator: &generator)
        let ranges = parts.ranges
        let withContent = parts.withContent
        var machine = OrderedSpoolStateMachine()
        var storage: [SpoolBlock: (part: Int, next: SpoolBlock?)] = [:]
        var given: [Int] = []
        var taken = Set<Int>()
        for part in parts.shuffled(generator: &generator) {
            taken.insert(part)
            let range = KeyRange(after: ranges[part].after, through: ranges[part].through)
            switch try machine.take(range, length: parts.lengths[part]) {
            case .giveOut(let block):
                if parts.lengths[part] > 0 { given.append(part) }
                var next = block
                while let current = next {
                    let found = storage.removeValue(forKey: current)
                    let stored = try #require(found, "seed \(seed)")
                    given.append(stored.part)
                    next = stored.next
                }
                if machine.storedBytes == 0 { #expect(storage.isEmpty, "seed \(seed)") }
            case .store(let block, let next, let previous):
                #expect(block.length == parts.lengths[part], "seed \(seed)")
                #expect(storage.keys.allSatisfy { $0.end <= block.offset }, "seed \(seed): blocks overlap")
                storage[block] = (part, next)
                if let previous { storage[previous]?.next = block }
            case .link(let block, let next): storage[block]?.next = next
            case .nothing: #expect(parts.lengths[part] == 0, "seed \(seed)")
            }
            // A run begins behind every gap, and nowhere else.
            let begins = taken.count { part in part > 0 && !taken.contains(part - 1) }
            #expect(machine.runCount == begins, "seed \(seed)")
            #expect(given[...] == withContent.prefix(given.count), "seed \(seed)")
            let done = ranges.indices.first { !taken.contains($0) } ?? ranges.count
            #expect(machine.frontier == (done == 0 ? [] : ranges[done - 1].through), "seed \(seed)")
        }
        #expect(given == withContent, "seed \(seed)")
        #expect(storage.isEmpty && machine.frontier == nil && machine.runCount == 0, "seed \(seed)")
        #expect(machine.highestStoredBytes <= parts.lengths.reduce(0) { $0 + $1 + Self.link }, "seed \(seed)")
    }
}
