/// Symbols that come together: where one is seen, the others are likely.
enum CharacterClass {
    /// The class of what stands alone: the end, punctuation, control characters.
    static let other = 0

    /// The number of the class of a symbol of ``SymbolModel``, below 8.
    static func of(_ symbol: Int) -> Int { Int(table[symbol]) }

    /// The number of symbols in each class.
    static let sizes: SIMD8<Float> = {
        var sizes = SIMD8<Float>(repeating: 0)
        for symbol in 0..<SymbolModel.symbolCount { sizes[of(symbol)] += 1 }
        return sizes
    }()

    private static let table: [UInt8] = (0..<SymbolModel.symbolCount).map { symbol in
        switch symbol - 1 {
        case 0x30...0x39: 1  // digits
        case 0x41...0x5A: 2  // capital letters
        case 0x61...0x7A: 3  // small letters
        case 0x80...0xBF: 4  // continuation bytes of UTF-8
        case 0xC2...0xDF: 5  // lead bytes of two
        case 0xE0...0xEF: 6  // lead bytes of three
        case 0xF0...0xF4: 7  // lead bytes of four
        default: 0
        }
    }
}
