import Keyspace
import TestSupport
import Testing

@Suite("an ordered merge of two listings")
struct OrderedMergeTests {
    private struct Entry: NamedEntry {
        var name: ArraySlice<UInt8>
        var value: Int

        init(_ name: [UInt8], _ value: Int = 0) { (self.name, self.value) = (name[...], value) }
    }

    private func entries(_ names: String...) -> [Entry] { names.map { Entry(Array($0.utf8)) } }

    /// The step in short: `<a` only at the source, `>a` only at the destination, `=a` at both.
    private func text(_ step: OrderedMerge<Entry>.Step) -> String {
        func name(_ entry: Entry) -> String { String(decoding: entry.name, as: UTF8.self) }
        return switch step {
        case .needs(let side): "? \(side)"
        case .onlyAtSource(let entry): "<\(name(entry))"
        case .onlyAtDestination(let entry): ">\(name(entry))"
        case .atBoth(let entry, _): "=\(name(entry))"
        case .end: "end"
        }
    }

    @Test("says what is on one side only when the other has gone past it or is at its end")
    func steps() throws {
        var merge = OrderedMerge<Entry>()
        #expect(text(merge.next()) == "? source")
        try merge.append(entries("a", "c"), to: .source)
        #expect(text(merge.next()) == "? destination", "it may have an a, or something before it")
        try merge.append(entries("b"), to: .destination)
        #expect((0..<3).map { _ in text(merge.next()) } == ["<a", ">b", "? destination"])
        try merge.append([], to: .destination)
        try merge.append(entries("c", "d"), to: .destination)
        #expect((0..<2).map { _ in text(merge.next()) } == ["=c", "? source"])
        merge.finish(.source)
        #expect((0..<2).map { _ in text(merge.next()) } == [">d", "? destination"])
        merge.finish(.destination)
        #expect((0..<2).map { _ in text(merge.next()) } == ["end", "end"])
    }

    @Test("compares bytes, and the shorter of two names comes first")
    func order() throws {
        var merge = OrderedMerge<Entry>()
        try merge.append([Entry([0x61]), Entry([0x61, 0]), Entry([0xC3, 0xA9])], to: .source)
        try merge.append([Entry([0x61, 0]), Entry([0x7A])], to: .destination)
        merge.finish(.source)
        merge.finish(.destination)
        #expect((0..<5).map { _ in text(merge.next()).first } == ["<", "=", ">", "<", "e"])
    }

    @Test("a name that is not above the one before it is refused, across pieces and at once", arguments: ["a", "b"])
    func disorder(name: String) throws {
        for side in [OrderedMerge<Entry>.Side.source, .destination] {
            var merge = OrderedMerge<Entry>()
            #expect(throws: DisorderError.self) { try merge.append(entries("b", name), to: side) }
            merge = OrderedMerge()
            try merge.append(entries("b"), to: side)
            #expect(throws: DisorderError.self) { try merge.append(entries(name), to: side) }
        }
    }

    @Test("agrees with two dictionaries, however the pieces fall", arguments: 1...40)
    func model(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        func side() -> [[UInt8]: Int] {
            var side: [[UInt8]: Int] = [:]
            for _ in 0..<random.number(0...60) {
                side[Array(random.text(1...3, of: ["a", "b", "/", "é"]).utf8)] = random.number(0...3)
            }
            return side
        }
        let (source, destination) = (side(), side())
        func sorted(_ side: [[UInt8]: Int]) -> [Entry] {
            side.keys.sorted { $0.lexicographicallyPrecedes($1) }.map { Entry($0, side[$0] ?? -1) }
        }
        var left = [OrderedMerge<Entry>.Side.source: sorted(source)[...], .destination: sorted(destination)[...]]
        var merge = OrderedMerge<Entry>()
        var (missing, extra): ([[UInt8]: Int], [[UInt8]: Int]) = ([:], [:])
        var both: [[UInt8]: [Int]] = [:]
        steps: while true {
            switch merge.next() {
            case .needs(let side):
                let rest = left[side] ?? []
                if rest.isEmpty {
                    merge.finish(side)
                } else {
                    let count = random.number(0...min(7, rest.count))
                    try merge.append(rest.prefix(count), to: side)
                    left[side] = rest.dropFirst(count)
                }
            case .onlyAtSource(let entry): #expect(missing.updateValue(entry.value, forKey: Array(entry.name)) == nil)
            case .onlyAtDestination(let entry):
                #expect(extra.updateValue(entry.value, forKey: Array(entry.name)) == nil)
            case .atBoth(let first, let second):
                #expect(first.name == second.name)
                #expect(both.updateValue([first.value, second.value], forKey: Array(first.name)) == nil)
            case .end: break steps
            }
        }
        #expect(missing == source.filter { destination[$0.key] == nil })
        #expect(extra == destination.filter { source[$0.key] == nil })
        #expect(both.mapValues { $0[0] } == source.filter { destination[$0.key] != nil })
        #expect(both.mapValues { $0[1] } == destination.filter { source[$0.key] != nil })
    }
}
