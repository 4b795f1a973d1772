/// What the keys seen so far say about which symbols follow which, so that a range can be measured and cut.
///
/// A key is read as a walk down a tree, one symbol a step: a byte, or the end of the key. The model gives each step a
/// probability, and so each interval of keys a *mass*: the share of keys that a bucket of this style has there. Masses
/// are compared with the keys that were counted, never taken for counts.
///
/// Only steps that are new beside the key before count: the shared beginning of neighbours in a sorted listing is one
/// observation, not a thousand.
struct SymbolModel: Sendable {
    /// Symbol 0 is the end of the key, which sorts before every byte; symbol b + 1 is the byte b.
    static let symbolCount = 257

    /// The symbol of the byte at a position, or the end.
    static func symbol(of key: [UInt8], at position: Int) -> Int {
        position < key.count ? Int(key[position]) + 1 : 0
    }

    /// The weight of the background in each context, in observations.
    fileprivate static let backgroundWeight: Float = 4
    /// How far below its first new symbol a key is learnt; what lies deeper says nothing about where to cut.
    private static let learningDepth = 20

    private struct Table: Sendable {
        var index: [UInt32: Int32] = [:]
        var rows: [Float] = []
        var totals: [Float] = []
        /// Bits a symbol on average, recent ones weighing more.
        var cost: Float = 8
        /// Observations of each character class in each context.
        var classes: [SIMD8<Float>] = []

        /// By what the background of each class is multiplied in a context, to be added to the counts.
        func scale(in context: Int, background: SIMD8<Float>, classShare: Float) -> SIMD8<Float> {
            let total = max(totals[context], 1)
            var own = classes[context] / total
            let other = own[CharacterClass.other]
            own[CharacterClass.other] = 0
            let general = SymbolModel.backgroundWeight * (1 - classShare * (1 - other))
            return SIMD8(repeating: general) + SymbolModel.backgroundWeight * classShare * own / background
        }
    }

    private var tables = [Table](repeating: Table(), count: SymbolContext.allCases.count)
    private var counts = [Float](repeating: 0, count: symbolCount)
    private var total: Float = 0
    private var background = [Float](repeating: 1 / Float(symbolCount), count: symbolCount)
    private var classBackground = SIMD8<Float>(repeating: 1)
    private var backgroundIsStale = false
    /// Symbols that were new in their context, and how many of them were of a class seen there.
    private var novelties: Float = 4
    private var noveltiesOfSeenClass: Float = 3
    /// The share of the background's weight that goes to characters of the classes seen in the context itself.
    private var classShare: Float { noveltiesOfSeenClass / novelties }
    /// The kind of context that predicts best.
    private(set) var best = SymbolContext.position
    /// The number of keys learnt.
    private(set) var keysLearnt = 0

    /// Learns the symbols of a key that its predecessor in the listing does not share.
    mutating func learn(_ key: [UInt8], after predecessor: [UInt8]?) {
        let start = predecessor.map { KeyOrder.commonPrefixLength($0, key) } ?? 0
        guard start <= key.count else { return }
        keysLearnt += 1
        var segmentStart = key[..<min(start, key.count)].lastIndex(of: SymbolContext.separator).map { $0 + 1 } ?? 0
        for position in start...min(key.count, start + Self.learningDepth) {
            let symbol = Self.symbol(of: key, at: position)
            for context in SymbolContext.allCases {
                observe(symbol, in: context, context.value(at: position, in: key, segmentStart: segmentStart))
            }
            if position < key.count, key[position] == SymbolContext.separator { segmentStart = position + 1 }
        }
        backgroundIsStale = true
    }

    /// Brings what is derived from the counts up to date; called once after a page's keys.
    mutating func settle() {
        guard backgroundIsStale else { return }
        backgroundIsStale = false
        var sums = SIMD8<Float>(repeating: 0)
        for symbol in counts.indices { sums[CharacterClass.of(symbol)] += counts[symbol] }
        // A few characters of a class make the others likely: a bucket of numbers has every digit.
        var smoothed = counts
        for symbol in counts.indices {
            let kind = CharacterClass.of(symbol)
            if kind != CharacterClass.other, sums[kind] > 0 {
                smoothed[symbol] += (0.02 * sums[kind] + 0.5) / CharacterClass.sizes[kind]
            }
            smoothed[symbol] += 8e-5 * total
        }
        let sum = smoothed.reduce(0, +)
        background = smoothed.map { $0 / sum }
        classBackground = SIMD8(repeating: 0)
        for symbol in counts.indices { classBackground[CharacterClass.of(symbol)] += background[symbol] }
        best = SymbolContext.allCases.min { tables[$0.rawValue].cost < tables[$1.rawValue].cost } ?? .position
    }

    /// The context of the symbol after the first `position` bytes of a key; `nil` for one never seen.
    func context(at position: Int, in key: [UInt8], segmentStart: Int) -> Int? {
        let value = best.value(at: position, in: key, segmentStart: segmentStart)
        return tables[best.rawValue].index[value].map(Int.init)
    }

    /// The probability that the next symbol in a context is one of several neighbouring ones.
    func probability(of symbols: Range<Int>, in context: Int?) -> Double {
        guard !symbols.isEmpty else { return 0 }
        guard let context else {
            return Double(background.withUnsafeBufferPointer { row in symbols.reduce(Float(0)) { $0 + row[$1] } })
        }
        let table = tables[best.rawValue]
        let scale = table.scale(in: context, background: classBackground, classShare: classShare)
        let sum = table.rows.withUnsafeBufferPointer { rows in
            background.withUnsafeBufferPointer { background in
                symbols.reduce(Float(0)) { sum, symbol in
                    sum + rows[context * Self.symbolCount + symbol] + background[symbol]
                        * scale[CharacterClass.of(symbol)]
                }
            }
        }
        return Double(sum / (table.totals[context] + Self.backgroundWeight))
    }

    private mutating func observe(_ symbol: Int, in context: SymbolContext, _ value: UInt32) {
        let kind = context.rawValue
        var offset: Int?
        if let index = tables[kind].index[value] {
            offset = Int(index)
        } else if tables[kind].totals.count < SymbolContext.limit {
            offset = tables[kind].totals.count
            tables[kind].index[value] = Int32(tables[kind].totals.count)
            tables[kind].totals.append(0)
            tables[kind].classes.append(SIMD8(repeating: 0))
            tables[kind].rows.append(contentsOf: repeatElement(0, count: Self.symbolCount))
        }
        var probability = background[symbol]
        if let offset {
            let cell = offset * Self.symbolCount + symbol
            let scale = tables[kind].scale(in: offset, background: classBackground, classShare: classShare)[
                CharacterClass.of(symbol)
            ]
            probability =
                (tables[kind].rows[cell] + probability * scale)
                / (tables[kind].totals[offset] + Self.backgroundWeight)
            if context == .previousByte, tables[kind].rows[cell] == 0 {
                // The background counts contexts, not keys: what always stands at one place is not frequent elsewhere.
                counts[symbol] += 1
                total += 1
                if tables[kind].totals[offset] > 0 {
                    novelties += 1
                    if tables[kind].classes[offset][CharacterClass.of(symbol)] > 0 { noveltiesOfSeenClass += 1 }
                }
            }
            tables[kind].classes[offset][CharacterClass.of(symbol)] += 1
            tables[kind].rows[cell] += 1
            tables[kind].totals[offset] += 1
        }
        tables[kind].cost += (-Float(Binary.logarithm(Double(probability))) - tables[kind].cost) / 512
    }
}
