import Keyspace
import TestSupport
import Testing

@Suite("Mapping of key prefixes")
struct PrefixMappingTests {
    private func map(_ key: String, from source: String, to destination: String) -> String? {
        let mapping = PrefixMapping(source: Array(source.utf8), destination: Array(destination.utf8))
        return mapping.map(Array(key.utf8)[...]).map { String(decoding: $0, as: UTF8.self) }
    }

    @Test("takes the source's prefix off and puts the destination's in its place")
    func maps() {
        #expect(map("photos/1.jpg", from: "photos/", to: "copies/") == "copies/1.jpg")
        #expect(map("photos-old/1", from: "photos", to: "p") == "p-old/1", "a prefix is bytes, not a folder")
        #expect(map("a//b/", from: "a/", to: "") == "/b/", "no slash is folded or dropped")
        #expect(map("key", from: "", to: "x/") == "x/key")
        #expect(map("key", from: "", to: "") == "key")
        #expect(map("photos/", from: "photos/", to: "copies/") == "copies/", "the folder's own key is a key too")
        #expect(map("photo", from: "photos/", to: "copies/") == nil)
        #expect(map("Photos/1", from: "photos/", to: "copies/") == nil)
    }

    @Test("finds where copies would land among the keys that are copied")
    func overlaps() {
        func overlap(_ source: String, _ destination: String) -> Bool {
            PrefixMapping(source: Array(source.utf8), destination: Array(destination.utf8)).overlapsItself
        }
        #expect(overlap("", ""))
        #expect(overlap("", "backup/"))
        #expect(overlap("backup/", ""))
        #expect(overlap("a/", "a/"))
        #expect(overlap("a/", "a/b/"))
        #expect(overlap("a", "a-copy/"), "a key 'a-copy/x' begins with 'a'")
        #expect(!overlap("a/", "a-copy/"))
        #expect(!overlap("a/", "b/"))
    }

    /// The model of a mapping is the concatenation itself: a key is its prefix and a rest.
    @Test("agrees with its model, and two mappings that are inverse undo each other", arguments: [UInt64(1), 2, 3])
    func agreesWithModel(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        func bytes(_ count: ClosedRange<Int>) -> [UInt8] {
            // Few values, so that prefixes of each other come up often.
            (0..<random.number(count)).map { _ in random.pick([0x2F, 0x61, 0xFF]) }
        }
        var mapped = 0
        for _ in 0..<2_000 {
            let (source, destination, key) = (bytes(0...3), bytes(0...3), bytes(1...6))
            let result = PrefixMapping(source: source, destination: destination).map(key[...])
            guard Array(key.prefix(source.count)) == source else {
                #expect(result == nil, "seed \(seed): \(source) \(destination) \(key)")
                continue
            }
            mapped += 1
            let copy = try #require(result, "seed \(seed): \(source) \(destination) \(key)")
            #expect(Array(copy) == destination + key[source.count...], "seed \(seed): \(source) \(destination) \(key)")
            let back = PrefixMapping(source: destination, destination: source).map(copy)
            #expect(back.map(Array.init) == key, "seed \(seed): \(source) \(destination) \(key)")
        }
        #expect(mapped > 200 && mapped < 1_800, "both outcomes have to come up")
    }

    @Test("says that it overlaps exactly when some key would be mapped onto a key of the source")
    func overlapAgreesWithSearch() {
        let alphabet: [UInt8] = [0x61, 0x62]
        var texts: [[UInt8]] = [[]]
        for length in 1...4 {
            texts += texts.filter { $0.count == length - 1 }.flatMap { text in alphabet.map { text + [$0] } }
        }
        let prefixes = texts.filter { $0.count <= 2 }
        for source in prefixes {
            for destination in prefixes {
                let mapping = PrefixMapping(source: source, destination: destination)
                let collides = texts.contains { key in
                    mapping.map(key[...]).map { Array($0.prefix(source.count)) == source } ?? false
                }
                #expect(mapping.overlapsItself == collides, "\(source) to \(destination)")
            }
        }
    }
}
