/// Keys that are drawn at random, each once and the same every time, and held in memory.
struct StoredKeyspace: SampleKeyspace {
    private let keys: [[UInt8]]

    var count: Int { keys.count }

    init(count: Int, make: (inout SeededGenerator) -> [UInt8]) {
        var generator = SeededGenerator(seed: 42)
        var seen = Set<[UInt8]>(minimumCapacity: count)
        while seen.count < count { seen.insert(make(&generator)) }
        keys = seen.sorted { $0.lexicographicallyPrecedes($1) }
    }

    func key(at index: Int) -> [UInt8] { keys[index] }
}
