import Keyspace
import TestSupport
import Testing

@Suite("Mapping of key ranges")
struct PrefixMappingRangeTests {
    private func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

    private func map(_ after: String, _ through: String?, from source: String, to destination: String) -> String? {
        PrefixMapping(source: bytes(source), destination: bytes(destination))
            .map(KeyRange(after: bytes(after), through: through.map(bytes)))
            .map { range in
                "\(String(decoding: range.after, as: UTF8.self))..."
                    + (range.through.map { String(decoding: $0, as: UTF8.self) } ?? "")
            }
    }

    @Test("bounds with the prefix are renamed, those beyond it fall away, and a range beside it is none")
    func ranges() {
        #expect(map("", nil, from: "", to: "") == "...")
        #expect(map("a", "b", from: "", to: "") == "a...b")
        #expect(map("a", "b", from: "", to: "x/") == "x/a...x/b")
        #expect(map("p/a", "p/b", from: "p/", to: "q/") == "q/a...q/b")
        #expect(map("", nil, from: "p/", to: "q/") == "...")
        #expect(map("a", "z", from: "p/", to: "q/") == "...")
        #expect(map("p", "p0", from: "p/", to: "q/") == "...", "0 comes behind the slash")
        #expect(map("p/", "p/a", from: "p/", to: "q/") == "q/...q/a")
        #expect(map("p0", nil, from: "p/", to: "q/") == nil)
        #expect(map("", "o", from: "p/", to: "q/") == nil)
        #expect(map("p/x", nil, from: "p/", to: "") == "x...")
    }

    @Test("a key lies in a range if and only if its copy lies in the range's", arguments: 1...200)
    func model(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        func text(_ count: ClosedRange<Int>) -> [UInt8] { Array(random.text(count, of: ["a", "b", "/", "z"]).utf8) }
        let mapping = PrefixMapping(source: text(0...2), destination: text(0...2))
        let range = KeyRange(after: text(0...4), through: random.chance(oneIn: 4) ? nil : text(1...4))
        let mapped = mapping.map(range)
        for _ in 0..<200 {
            let key = mapping.source + text(0...4)
            guard !key.isEmpty, let copy = mapping.map(key[...]), !copy.isEmpty else { continue }
            #expect(range.contains(key[...]) == (mapped?.contains(copy) ?? false), "\(mapping) \(range) \(key)")
        }
    }
}
