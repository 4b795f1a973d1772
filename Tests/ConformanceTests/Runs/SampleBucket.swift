import ServerTestSupport
import TestSupport

/// Kinds of buckets to list.
enum SampleBucket: CaseIterable {
    case hex
    case dates
    case deepFolder
    case numbersInFolders
    case longPrefix
    case shortAndLong
    case unicode

    /// So many different keys, in byte order.
    func keys(_ count: Int, seed: UInt64) -> [[UInt8]] {
        var generator = SeededGenerator(seed: seed)
        var keys: Set<[UInt8]> = []
        while keys.count < count { keys.insert(Array(key(&generator).utf8)) }
        return keys.sorted { $0.lexicographicallyPrecedes($1) }
    }

    private func key(_ generator: inout SeededGenerator) -> String {
        func digits(_ count: Int, radix: Int = 16) -> String {
            (0..<count).map { _ in String(generator.number(0...radix - 1), radix: radix) }.joined()
        }
        switch self {
        case .hex: return digits(10)
        case .dates:
            return
                "logs/\(generator.number(2020...2026))/0\(generator.number(1...9))/\(digits(2, radix: 10))/\(digits(6))"
        case .deepFolder:
            return (generator.chance(oneIn: 30) ? "\(digits(1))/" : "b/deep/folder/of/") + digits(8)
        case .numbersInFolders:
            return "folder-\(100 / generator.number(1...100))/\(generator.number(1...100_000))"
        case .longPrefix: return String(repeating: "k", count: 990) + digits(8)
        case .shortAndLong:
            return generator.chance(oneIn: 20)
                ? digits(1) : digits(4) + String(repeating: "~", count: generator.number(1...1020))
        case .unicode: return generator.text(1...6, of: ["a", "é", "漢", "😀", "/", " ", "\u{FF5E}", "\u{7F}", "+"])
        }
    }
}
