/// Makes keys at random, one at a time.
enum RandomKeys {
    // MARK: - As the arithmetic of listing sees keys

    /// Characters of all of Unicode.
    static func scalars(_ generator: inout SeededGenerator) -> [UInt8] {
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
    static func words(_ generator: inout SeededGenerator) -> [UInt8] {
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
        return Array(text.utf8)
    }

    static func base64(_ generator: inout SeededGenerator) -> [UInt8] {
        let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)
        return (0..<22).map { _ in digits[Int.random(in: 0..<64, using: &generator)] }
    }

    // MARK: - As applications name them

    /// Hex digests, nine in ten of which begin with one of three prefixes.
    static func hotHex(_ generator: inout SeededGenerator) -> [UInt8] {
        let digits = hex(16, &generator)
        guard Int.random(in: 0..<10, using: &generator) > 0 else { return digits }
        return Array(["3f7", "3f81c", "d0"][Int.random(in: 0..<3, using: &generator)].utf8) + digits
    }

    /// Tables partitioned by day, with files of Spark in each partition.
    static func hive(_ generator: inout SeededGenerator) -> [UInt8] {
        let table = ["clicks", "orders", "page_views", "users"][skewed(4, &generator)]
        let month = two(Int.random(in: 1...12, using: &generator))
        let day = two(Int.random(in: 1...28, using: &generator))
        let date = "dt=\(2022 + skewed(4, &generator))-\(month)-\(day)"
        let part = "part-" + String(repeating: "0", count: 3) + two(Int.random(in: 0..<40, using: &generator))
        return Array("warehouse/\(table)/\(date)/\(part)-".utf8) + hex(12, &generator) + Array(".snappy.parquet".utf8)
    }

    /// The milliseconds left to some far day, so that the newest comes first; rates change from week to week.
    static func reversedTimestamps(_ generator: inout SeededGenerator) -> [UInt8] {
        let week = skewed(150, &generator)
        let millisecond = week * 604_800_000 + Int.random(in: 0..<604_800_000, using: &generator)
        return Array("events/\(9_223_372_036_854_775_807 - 1_600_000_000_000 - millisecond)/body.json".utf8)
    }

    static func emails(_ generator: inout SeededGenerator) -> [UInt8] {
        let domains = ["gmail.com", "outlook.com", "example.org", "company.co.uk", "mail.ru", "qq.com"]
        let domain = domains[skewed(domains.count, &generator)]
        let separator = ["", ".", "_"][Int.random(in: 0..<3, using: &generator)]
        let name = syllables(1...3, &generator) + separator + syllables(1...3, &generator)
        let number = Bool.random(using: &generator) ? "\(Int.random(in: 1...2000, using: &generator))" : ""
        return Array("users/\(name)\(number)@\(domain)/avatar.png".utf8)
    }

    /// Names in Latin, Greek, Cyrillic, Arabic, Hangul and Chinese letters, and emoji.
    static func names(_ generator: inout SeededGenerator) -> [UInt8] {
        let scripts: [ClosedRange<UInt32>] = [
            0x61...0x7A, 0xE0...0xFF, 0x3B1...0x3C9, 0x430...0x44F, 0x621...0x64A, 0xAC00...0xD7A3, 0x4E00...0x9FA5,
            0x1F600...0x1F64F,
        ]
        let script = scripts[skewed(scripts.count, &generator)]
        var text = String.UnicodeScalarView()
        for _ in 0..<Int.random(in: 3...9, using: &generator) {
            if let scalar = Unicode.Scalar(UInt32.random(in: script, using: &generator)) { text.append(scalar) }
        }
        return Array(String(text).utf8) + Array("-\(Int.random(in: 1...99, using: &generator)).txt".utf8)
    }

    /// One folder a customer, with very few files in it.
    static func customers(_ generator: inout SeededGenerator) -> [UInt8] {
        let number = Int.random(in: 1...9_999_999, using: &generator)
        let file = ["contract.pdf", "invoice.pdf", "photo.jpg"][Int.random(in: 0..<3, using: &generator)]
        return Array("customers/C\(number)-\(syllables(1...2, &generator))/\(file)".utf8)
    }

    /// A bucket that grew: every other kind under folders of very different sizes, and files at the top.
    static func severalApplications(_ generator: inout SeededGenerator) -> [UInt8] {
        switch skewed(9, &generator) {
        case 0: Array("backup/".utf8) + hotHex(&generator)
        case 1: hive(&generator)
        case 2: reversedTimestamps(&generator)
        case 3: emails(&generator)
        case 4: Array("Media/".utf8) + names(&generator)
        case 5: customers(&generator)
        case 6: Array("tmp_\(Int.random(in: 1...5_000_000, using: &generator))".utf8)
        case 7: Array("logs/app/2024/\(two(Int.random(in: 1...12, using: &generator)))/".utf8) + hex(8, &generator)
        default: hex(16, &generator)
        }
    }

    // MARK: - Pieces

    /// A number below a limit; small ones come more often.
    private static func skewed(_ limit: Int, _ generator: inout SeededGenerator) -> Int {
        let share = Double.random(in: 0..<1, using: &generator)
        return Int(share * share * Double(limit))
    }

    private static func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }

    private static func hex(_ digits: Int, _ generator: inout SeededGenerator) -> [UInt8] {
        let alphabet = Array("0123456789abcdef".utf8)
        return (0..<digits).map { _ in alphabet[Int.random(in: 0..<16, using: &generator)] }
    }

    private static func syllables(_ count: ClosedRange<Int>, _ generator: inout SeededGenerator) -> String {
        let list = ["ma", "jo", "an", "li", "ka", "ro", "be", "da", "el", "chri", "sta", "pe", "vi", "no", "us", "wu"]
        return (0..<Int.random(in: count, using: &generator)).map { _ in list[skewed(list.count, &generator)] }.joined()
    }
}
