import TestSupport
import Testing

@testable import Brigade

@Suite("an external merge sort of objects")
struct SortedObjectsTests {
    private func object(_ name: String, _ size: Int = 1, etag: String = "") -> ComparedObject {
        ComparedObject(name: Array(name.utf8)[...], size: size, etag: Array(etag.utf8)[...])
    }

    private func text(_ object: ComparedObject) -> String {
        "\(String(decoding: object.name, as: UTF8.self)) \(object.size) \(String(decoding: object.etag, as: UTF8.self))"
    }

    private func all(_ sorter: SortedObjects, by count: Int) async throws -> [String] {
        var texts: [String] = []
        while true {
            let objects = try await sorter.next(upTo: count)
            if objects.isEmpty { return texts }
            texts += objects.map(text)
        }
    }

    @Test("gives everything out in the order of the names' bytes, each name once")
    func sorts() async throws {
        let sorter = SortedObjects(folder: "/var/tmp")
        try await sorter.append([object("b", 2, etag: "x-2"), object("a"), object("é", .max)])
        try await sorter.append([object("ab"), object("", 7), object("b", 3)])
        try await sorter.finish()
        let texts = try await all(sorter, by: 2)
        #expect(texts.count == 5)
        #expect(texts.filter { $0 != "b 2 x-2" && $0 != "b 3 " } == [" 7 ", "a 1 ", "ab 1 ", "é \(Int.max) "])
    }

    @Test("nothing comes out of nothing")
    func empty() async throws {
        let sorter = SortedObjects(folder: "/var/tmp")
        try await sorter.finish()
        #expect(try await sorter.next(upTo: 1000).isEmpty)
    }

    @Test("agrees with sorting in memory, with runs that are many and long", arguments: 1...6)
    func model(seed: UInt64) async throws {
        var random = SeededGenerator(seed: seed)
        var expected: [String: ComparedObject] = [:]
        let sorter = SortedObjects(folder: "/var/tmp", runLength: random.pick([200, 5_000, 200_000]))
        for _ in 0..<random.number(1...40) {
            var batch: [ComparedObject] = []
            for _ in 0..<random.number(0...200) {
                let name = random.text(1...random.pick([3, 12, 500]), of: ["a", "b", "/", "漢"])
                guard expected[name] == nil else { continue }
                let new = object(name, random.number(0...9_000_000_000), etag: random.text(0...32, of: ["0", "f"]))
                expected[name] = new
                batch.append(new)
            }
            try await sorter.append(batch)
        }
        try await sorter.finish()
        let names = expected.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        let sorted = try await all(sorter, by: random.number(1...1000))
        #expect(sorted == names.compactMap { expected[$0].map(text) })
    }

    @Test("a folder in which nothing can be written is told of by name")
    func noFolder() async throws {
        let sorter = SortedObjects(folder: "/nowhere/at all", runLength: 10)
        let error = await #expect(throws: BrigadeError.self) {
            try await sorter.append([object("a name that is longer than what is kept")])
            try await sorter.finish()
        }
        #expect(error?.code == .spoolFailed)
        #expect(error?.message.contains("/nowhere/at all") == true)
    }
}
