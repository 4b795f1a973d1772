/// Keys that are the same function of their place in the order.
struct ComputedKeyspace: SimulatedKeyspace {
    let name: String
    let count: Int
    let make: @Sendable (Int) -> [UInt8]

    func key(at index: Int) -> [UInt8] { make(index) }
}

/// Keys that are held in memory, where no arithmetic gives them.
struct StoredKeyspace: SimulatedKeyspace {
    let name: String
    let keys: [[UInt8]]

    var count: Int { keys.count }

    init(name: String, count: Int, make: (inout SeededGenerator) -> [UInt8]) {
        self.name = name
        var generator = SeededGenerator(seed: 42)
        var seen = Set<[UInt8]>(minimumCapacity: count)
        while seen.count < count { seen.insert(make(&generator)) }
        keys = seen.sorted { $0.lexicographicallyPrecedes($1) }
    }

    func key(at index: Int) -> [UInt8] { keys[index] }
}

/// Folders of given sizes in the order of their names, each with keys that are a function of size and place.
struct FolderKeyspace: SimulatedKeyspace {
    let name: String
    private let folders: [(name: [UInt8], start: Int, size: Int)]
    private let make: @Sendable (_ index: Int, _ size: Int) -> [UInt8]

    var count: Int { folders.last.map { $0.start + $0.size } ?? 0 }

    init(
        name: String,
        folders sizes: [(name: String, size: Int)],
        make: @escaping @Sendable (_ index: Int, _ size: Int) -> [UInt8]
    ) {
        self.name = name
        self.make = make
        var start = 0
        folders = sizes.map { (name: Array($0.name.utf8), size: $0.size) }
            .sorted { $0.name.lexicographicallyPrecedes($1.name) }
            .map { folder in
                defer { start += folder.size }
                return (folder.name, start, folder.size)
            }
    }

    func key(at index: Int) -> [UInt8] {
        var low = 0
        var high = folders.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if folders[middle].start <= index { low = middle } else { high = middle }
        }
        let folder = folders[low]
        return folder.name + make(index - folder.start, folder.size)
    }
}

/// The generator SplitMix64 (Steele, Lea and Flood, 2014): small, and the same on every machine.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        return Self.mix(state)
    }

    /// A well-mixed number for a number.
    static func mix(_ value: UInt64) -> UInt64 {
        var value = value
        value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
        return value ^ value >> 31
    }
}
