/// Folders in the order of their names, each with keys that are a function of its size and their place in it.
struct FolderKeyspace: SampleKeyspace {
    let count: Int
    private let folders: [(name: [UInt8], start: Int, size: Int)]
    private let make: @Sendable (_ index: Int, _ size: Int) -> [UInt8]

    /// Shares keys out among folders.
    ///
    /// - Parameters:
    ///   - count: The number of all keys.
    ///   - shares: The folders' names, each with its share of the keys in any unit.
    ///   - make: The name of a file in a folder.
    init(
        count: Int,
        shares: [(name: String, share: Double)],
        make: @escaping @Sendable (_ index: Int, _ size: Int) -> [UInt8]
    ) {
        self.count = count
        self.make = make
        let shares = shares.map { (name: Array($0.name.utf8), share: $0.share) }
            .sorted { $0.name.lexicographicallyPrecedes($1.name) }
        let total = shares.reduce(0) { $0 + $1.share }
        var sum = 0.0
        var start = 0
        folders = shares.map { folder in
            sum += folder.share
            let end = Int((sum / total * Double(count)).rounded())
            defer { start = end }
            return (name: folder.name, start: start, size: end - start)
        }
        .filter { $0.size > 0 }
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
