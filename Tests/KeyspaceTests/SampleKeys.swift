import TestSupport

/// Kinds of keys as buckets have them, made from a seed.
enum SampleKeys: CaseIterable {
    case hex
    case padded
    case deepFolder
    case dates
    case uuids
    case extremes
    case zipfFolders
    case adjacent
    case anyBytes
    case commonPrefix
    case words

    /// Keys in byte order, each once; `count` of them or a few less.
    func keys(count: Int, generator: inout SeededGenerator) -> [[UInt8]] {
        var keys = Set<[UInt8]>()
        for index in 0..<count { keys.insert(key(index, of: count, &generator)) }
        return keys.sorted { $0.lexicographicallyPrecedes($1) }
    }

    private func key(_ index: Int, of count: Int, _ generator: inout SeededGenerator) -> [UInt8] {
        switch self {
        case .hex: return Self.hex(12, &generator)
        case .padded: return Self.padded(index, 10)
        case .deepFolder:
            let folder = generator.number(0...99) < 97 ? "b/deep/folder/of/raw/" : "\(generator.number(0...9))/"
            return Array(folder.utf8) + Self.hex(8, &generator)
        case .dates:
            let day = Self.padded(generator.number(1...28), 2) + [0x2F]
            let month = Self.padded(generator.number(1...12), 2) + [0x2F]
            return Self.padded(generator.number(2015...2025), 4) + [0x2F] + month + day + Self.padded(index, 6)
        case .uuids:
            return Self.hex(8, &generator) + [0x2D] + Self.hex(4, &generator) + [0x2D] + Self.hex(4, &generator)
        case .extremes:
            let letter = UInt8(generator.number(0x21...0x7E))
            guard generator.number(0...9) > 0 else { return [letter] }
            return [letter] + Self.hex(6, &generator) + [UInt8](repeating: 0x7E, count: 1017)
        case .zipfFolders:
            let folder = 1000 / generator.number(1...1000)
            return Array("folder-\(folder)/\(generator.number(1...max(1, 10 * count / folder)))".utf8)
        case .adjacent: return Self.padded(index / 200, 6) + [UInt8(0x21 + index % 94)]
        case .anyBytes: return (0..<generator.number(1...9)).map { _ in UInt8(generator.number(0x01...0xF4)) }
        case .commonPrefix: return [UInt8](repeating: 0x61, count: 990) + Self.hex(8, &generator)
        case .words:
            let syllables = ["an", "ber", "con", "de", "er", "fin", "gra", "ing", "lo", "sta", "ter", "un", "wa", "é"]
            return Array((0..<generator.number(1...5)).map { _ in syllables[generator.number(0...13)] }.joined().utf8)
        }
    }

    private static func hex(_ digits: Int, _ generator: inout SeededGenerator) -> [UInt8] {
        (0..<digits).map { _ in Array("0123456789abcdef".utf8)[generator.number(0...15)] }
    }

    private static func padded(_ number: Int, _ width: Int) -> [UInt8] {
        let text = Array(String(number).utf8)
        return [UInt8](repeating: 0x30, count: max(0, width - text.count)) + text
    }
}
