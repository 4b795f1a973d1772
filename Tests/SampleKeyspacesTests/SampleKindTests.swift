import SampleKeyspaces
import Testing

@Suite("Kinds of sample keys")
struct SampleKindTests {
    @Test("keys are as many as asked for, each once and in order", arguments: SampleKind.allCases)
    func keys(kind: SampleKind) {
        for count in [0, 1, 93, 95, 2000, 20_011] {
            let keyspace = kind.keyspace(count: count)
            #expect(keyspace.count == count)
            let keys = (0..<keyspace.count).map(keyspace.key)
            #expect(zip(keys, keys.dropFirst()).allSatisfy { $0.lexicographicallyPrecedes($1) }, "\(count) keys")
            #expect(keys.allSatisfy { (1...1024).contains($0.count) })
            #expect(keys.allSatisfy { String(validating: $0, as: UTF8.self) != nil })
        }
    }

    @Test("a kind's keys are the same each time", arguments: SampleKind.allCases)
    func repetition(kind: SampleKind) {
        let (first, second) = (kind.keyspace(count: 500), kind.keyspace(count: 500))
        #expect((0..<500).allSatisfy { first.key(at: $0) == second.key(at: $0) })
    }

    @Test("a listing begins behind its bound, whether that is a key or not", arguments: [SampleKind.hex, .words])
    func index(kind: SampleKind) {
        let keyspace = kind.keyspace(count: 1000)
        #expect(keyspace.index(after: []) == 0)
        #expect(keyspace.index(after: keyspace.key(at: 499)) == 500)
        #expect(keyspace.index(after: keyspace.key(at: 499).dropLast()) == 499)
        #expect(keyspace.index(after: [0xFF]) == 1000)
    }

    @Test("kinds that are held in memory are told from those that are computed")
    func stored() {
        #expect(SampleKind.words.isStored)
        #expect(!SampleKind.hex.isStored)
    }
}
