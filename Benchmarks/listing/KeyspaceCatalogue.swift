/// The keyspaces that a listing has to be quick on.
enum KeyspaceCatalogue {
    /// Makes every keyspace with about so many keys; those that need memory are left out above ten million.
    static func entries(count: Int) -> [(name: String, make: @Sendable () -> any SimulatedKeyspace)] {
        let arithmetic: [(String, @Sendable () -> any SimulatedKeyspace)] = [
            ("uniform hex", { uniform("uniform hex", count) { hex($0, digits: 16) } }),
            ("zero-padded numbers", { computed("zero-padded numbers", count) { padded($0, width: 10) } }),
            ("adjacent last bytes", { computed("adjacent last bytes", count) { adjacent($0) } }),
            ("97% in one deep folder", { deepFolder(count) }),
            ("date tree", { dateTree(count) }),
            ("UUIDs", { uniform("UUIDs", count) { uuid($0) } }),
            ("UUIDs in a folder", { uniform("UUIDs in a folder", count) { bytes("data/objects/") + uuid($0) } }),
            ("990 bytes in common", { commonPrefix(count) }),
            ("1 and 1,024 bytes", { extremes(count) }),
            ("Zipf folders", { zipfFolders(count) }),
            ("unpadded numbers", { computed("unpadded numbers", count) { unpadded($0, of: count) } }),
        ]
        let stored: [(String, @Sendable () -> any SimulatedKeyspace)] = [
            ("bytes 01 to F4", { StoredKeyspace(name: "bytes 01 to F4", count: count, make: randomBytes) }),
            ("words", { StoredKeyspace(name: "words", count: count, make: words) }),
            ("base64 IDs", { StoredKeyspace(name: "base64 IDs", count: count, make: base64) }),
        ]
        let field: [(String, @Sendable () -> any SimulatedKeyspace)] = FieldKeyspaces.all.map { entry in
            (entry.name, { StoredKeyspace(name: entry.name, count: count, make: entry.make) })
        }
        return (arithmetic + (count <= 10_000_000 ? stored + field : [])).map { (name: $0.0, make: $0.1) }
    }

    private static func computed(
        _ name: String,
        _ count: Int,
        _ make: @escaping @Sendable (Int) -> [UInt8]
    ) -> ComputedKeyspace {
        ComputedKeyspace(name: name, count: count, make: make)
    }

    /// 64-bit numbers spread evenly at random, one in each of `count` equal parts.
    private static func uniform(
        _ name: String,
        _ count: Int,
        _ make: @escaping @Sendable (UInt64) -> [UInt8]
    ) -> ComputedKeyspace {
        computed(name, count) { make(spread($0, of: count)) }
    }

    private static func spread(_ index: Int, of count: Int) -> UInt64 {
        let step = UInt64.max / UInt64(count)
        return UInt64(index) * step + SeededGenerator.mix(UInt64(index)) % step
    }

    private static func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

    private static func hex(_ value: UInt64, digits: Int) -> [UInt8] {
        (0..<digits).map { bytes("0123456789abcdef")[Int(value >> UInt64(4 * (digits - 1 - $0)) & 15)] }
    }

    private static func padded(_ value: Int, width: Int) -> [UInt8] {
        let text = String(value)
        return bytes(String(repeating: "0", count: max(0, width - text.count)) + text)
    }

    /// Keys in runs whose members differ in the last byte only.
    private static func adjacent(_ index: Int) -> [UInt8] {
        padded(index / 94, width: 8) + bytes("-record-") + [UInt8(33 + index % 94)]
    }

    private static func uuid(_ high: UInt64) -> [UInt8] {
        let digits = hex(high, digits: 16) + hex(SeededGenerator.mix(high), digits: 16)
        let dash = bytes("-")
        let groups = [digits[..<8], digits[8..<12], digits[12..<16], digits[16..<20], digits[20...]]
        return Array(groups.joined(separator: dash))
    }

    private static func deepFolder(_ count: Int) -> FolderKeyspace {
        let others = count * 3 / 100
        var folders = (20..<50).map { (name: "project-\($0)/", size: others / 30) }
        folders.append((name: "project-17/archive/2019/exports/daily/raw/", size: count - others / 30 * 30))
        return FolderKeyspace(name: "97% in one deep folder", folders: folders) { index, size in
            hex(spread(index, of: size), digits: 16) + bytes(".bin")
        }
    }

    private static func dateTree(_ count: Int) -> FolderKeyspace {
        var folders: [(name: String, size: Int)] = []
        for year in 2016...2025 {
            for month in 1...12 {
                for day in 1...28 {
                    let number = UInt64(year * 400 + month * 31 + day)
                    let weight = Int(SeededGenerator.mix(number) % 100) + (year - 2015) * 40
                    func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
                    folders.append((name: "\(year)/\(two(month))/\(two(day))/", size: weight))
                }
            }
        }
        let total = folders.reduce(0) { $0 + $1.size }
        for index in folders.indices { folders[index].size = max(1, folders[index].size * count / total) }
        return FolderKeyspace(name: "date tree", folders: folders) { index, size in
            let second = index * 86400 / size
            return padded(second / 3600, width: 2) + bytes("/") + padded(second % 3600, width: 4)
                + bytes("-") + padded(index, width: 6) + bytes(".json.gz")
        }
    }

    private static func commonPrefix(_ count: Int) -> ComputedKeyspace {
        let letters = bytes("abcdefghijklmnopqrstuvwxyz0123456789-/")
        let common = (0..<990).map { letters[Int(SeededGenerator.mix(UInt64($0)) % UInt64(letters.count))] }
        return computed("990 bytes in common", count) { common + hex(spread($0, of: count) >> 32, digits: 8) }
    }

    /// Every one-byte key from 0x21 to 0x7E; above them keys of 1,024 bytes.
    private static func extremes(_ count: Int) -> ComputedKeyspace {
        let filler = [UInt8](repeating: UInt8(ascii: "~"), count: 1008)
        let short = 94
        return computed("1 and 1,024 bytes", count) { index in
            // In order: a byte alone, then the long keys that begin with it.
            let each = (count - short) / short
            let group = min(index / (each + 1), short - 1)
            let place = index - group * (each + 1)
            let letter = [UInt8(33 + group)]
            guard place > 0 else { return letter }
            let size = group == short - 1 ? count - short - each * (short - 1) : each
            return letter + hex(spread(place - 1, of: size) >> 4, digits: 15) + filler
        }
    }

    private static func zipfFolders(_ count: Int) -> FolderKeyspace {
        let folderCount = 1000
        let harmonic = (1...folderCount).reduce(0.0) { $0 + 1 / Double($1) }
        let folders = (1...folderCount).map { rank in
            let number = SeededGenerator.mix(UInt64(rank)) % 100_000
            return (
                name: "customer-\(number)-\(rank)/invoices/", size: max(1, Int(Double(count) / harmonic / Double(rank)))
            )
        }
        return FolderKeyspace(name: "Zipf folders", folders: folders) { index, size in unpadded(index, of: size) }
    }

    /// The number at a place in the byte order of the numbers 1...count written without padding.
    private static func unpadded(_ index: Int, of count: Int) -> [UInt8] {
        var rest = index
        var current = 1
        while true {
            // Keys that begin with the current number.
            var size = 0
            var low = current
            var high = current + 1
            while low <= count {
                size += min(high, count + 1) - low
                low *= 10
                high *= 10
            }
            if rest < size {
                guard rest > 0 else { return bytes(String(current)) }
                rest -= 1
                current *= 10
            } else {
                rest -= size
                current += 1
            }
        }
    }

    private static func randomBytes(_ generator: inout SeededGenerator) -> [UInt8] {
        var text = String.UnicodeScalarView()
        for _ in 0..<Int.random(in: 4...12, using: &generator) {
            let value: UInt32 =
                switch Int.random(in: 0..<4, using: &generator) {
                case 0: .random(in: 0x01...0x7F, using: &generator)
                case 1: .random(in: 0x80...0x7FF, using: &generator)
                case 2: .random(in: 0x800...0xD7FF, using: &generator)
                default: .random(in: 0x10000...0x10FFFF, using: &generator)
                }
            if let scalar = Unicode.Scalar(value) { text.append(scalar) }
        }
        return Array(String(text).utf8)
    }

    /// Words of syllables whose letters are about as frequent as in English, two or three to a key.
    private static func words(_ generator: inout SeededGenerator) -> [UInt8] {
        let onsets = [
            "s", "c", "p", "b", "t", "m", "d", "r", "f", "h", "l", "n", "w", "g", "st", "pr", "tr", "qu", "sh",
        ]
        let vowels = ["e", "a", "i", "o", "u", "ea", "ou", "io"]
        let codas = ["", "", "n", "r", "s", "t", "l", "ng", "nd", "ck", "st"]
        func skewed(_ list: [String], _ generator: inout SeededGenerator) -> String {
            let share = Double.random(in: 0..<1, using: &generator)
            return list[Int(share * share * Double(list.count))]
        }
        var text = ""
        for word in 0..<Int.random(in: 1...3, using: &generator) {
            if word > 0 { text += "-" }
            for _ in 0..<Int.random(in: 1...4, using: &generator) {
                text += skewed(onsets, &generator) + skewed(vowels, &generator) + skewed(codas, &generator)
            }
        }
        return bytes(text)
    }

    private static func base64(_ generator: inout SeededGenerator) -> [UInt8] {
        let digits = bytes("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
        return (0..<22).map { _ in digits[Int.random(in: 0..<64, using: &generator)] }
    }
}
