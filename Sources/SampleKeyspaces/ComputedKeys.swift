/// Keys that arithmetic gives, each kind in the order of its bytes.
enum ComputedKeys {
    /// Keys made of 64-bit numbers that are spread evenly at random, one in each of `count` equal parts.
    static func uniform(_ count: Int, _ make: @escaping @Sendable (UInt64) -> [UInt8]) -> ComputedKeyspace {
        ComputedKeyspace(count: count) { make(spread($0, of: count)) }
    }

    static func numbered(_ index: Int) -> [UInt8] { bytes("object-") + padded(index, width: 9) }

    private static func spread(_ index: Int, of count: Int) -> UInt64 {
        let step = UInt64.max / UInt64(count)
        return UInt64(index) * step + SeededGenerator.mix(UInt64(index)) % step
    }

    private static func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

    static func hex(_ value: UInt64, digits: Int) -> [UInt8] {
        (0..<digits).map { bytes("0123456789abcdef")[Int(value >> UInt64(4 * (digits - 1 - $0)) & 15)] }
    }

    private static func padded(_ value: Int, width: Int) -> [UInt8] {
        let text = String(value)
        return bytes(String(repeating: "0", count: max(0, width - text.count)) + text)
    }

    /// Keys in runs whose members differ in the last byte only.
    static func adjacent(_ index: Int) -> [UInt8] {
        padded(index / 94, width: 8) + bytes("-record-") + [UInt8(33 + index % 94)]
    }

    static func uuid(_ high: UInt64) -> [UInt8] {
        let digits = hex(high, digits: 16) + hex(SeededGenerator.mix(high), digits: 16)
        let dash = bytes("-")
        let groups = [digits[..<8], digits[8..<12], digits[12..<16], digits[16..<20], digits[20...]]
        return Array(groups.joined(separator: dash))
    }

    static func deepFolder(_ count: Int) -> FolderKeyspace {
        var folders = (20..<50).map { (name: "project-\($0)/", share: 0.001) }
        folders.append((name: "project-17/archive/2019/exports/daily/raw/", share: 0.97))
        return FolderKeyspace(count: count, shares: folders) { index, size in
            hex(spread(index, of: size), digits: 16) + bytes(".bin")
        }
    }

    /// Months of 28 days, which spares the calendar; later years have more.
    static func dateTree(_ count: Int) -> FolderKeyspace {
        func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
        var days: [(name: String, share: Double)] = []
        for year in 2016...2025 {
            for month in 1...12 {
                for day in 1...28 {
                    let number = UInt64(year * 400 + month * 31 + day)
                    let share = Int(SeededGenerator.mix(number) % 100) + (year - 2015) * 40
                    days.append((name: "\(year)/\(two(month))/\(two(day))/", share: Double(share)))
                }
            }
        }
        return FolderKeyspace(count: count, shares: days) { index, size in
            let second = index * 86400 / size
            return padded(second / 3600, width: 2) + bytes("/") + padded(second % 3600, width: 4)
                + bytes("-") + padded(index, width: 6) + bytes(".json.gz")
        }
    }

    static func commonPrefix(_ count: Int) -> ComputedKeyspace {
        let letters = bytes("abcdefghijklmnopqrstuvwxyz0123456789-/")
        let common = (0..<990).map { letters[Int(SeededGenerator.mix(UInt64($0)) % UInt64(letters.count))] }
        return ComputedKeyspace(count: count) { common + hex(spread($0, of: count) >> 32, digits: 8) }
    }

    /// Every one-byte key from 0x21 to 0x7E; above them keys of 1,024 bytes.
    static func extremes(_ count: Int) -> ComputedKeyspace {
        let filler = [UInt8](repeating: UInt8(ascii: "x"), count: 1008)
        let short = 94
        return ComputedKeyspace(count: count) { index in
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

    /// A folder's share is one over its rank.
    static func zipfFolders(_ count: Int) -> FolderKeyspace {
        let folders = (1...1000).map { rank in
            let number = SeededGenerator.mix(UInt64(rank)) % 100_000
            return (name: "customer-\(number)-\(rank)/invoices/", share: 1 / Double(rank))
        }
        return FolderKeyspace(count: count, shares: folders) { index, size in unpadded(index, of: size) }
    }

    /// The number at a place in the byte order of the numbers 1...count written without padding.
    static func unpadded(_ index: Int, of count: Int) -> [UInt8] {
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
}
