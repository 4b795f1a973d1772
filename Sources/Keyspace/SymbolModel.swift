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

    fileprivate struct Table: Sendable {
        var index: [UInt32: Int32] = [:]
        var rows: [Float] = []
        var totals: [Float] = []
        var distinct: [Float] = []
        /// In each context, the bytes between those seen and two on either side, as symbols; the end is not among them.
        var hulls: [Range<Int>] = []
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

    private var branchings = BranchingModel()
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
    private(set) var best = SymbolContext.place
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
                observe(symbol, in: context, at: position, of: key, segmentStart)
            }
            if position < key.count, key[position] == SymbolContext.separator { segmentStart = position + 1 }
        }
        backgroundIsStale = true
    }

    /// Learns from keys of one page, in order, which levels branch.
    mutating func learnBranching(_ sample: [[UInt8]]) { branchings.learn(sample) }

    /// The probability that there is more than one way on after the first `depth` bytes of a key.
    ///
    /// It is known by place, and so counts only where places predict best.
    func branching(at depth: Int, in key: [UInt8], segmentStart: Int) -> Double {
        guard best == .place || best == .placeAndPreviousByte else { return 1 }
        return branchings.probability(at: depth, in: key, segmentStart: segmentStart)
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
        best = SymbolContext.allCases.min { tables[$0.rawValue].cost < tables[$1.rawValue].cost } ?? .place
    }

    /// Where a symbol's distribution stands: the row of its context, and that of the wider one it falls back to.
    struct Context {
        fileprivate var kind: SymbolContext
        fileprivate var row: Int?
        fileprivate var wider: Int?
    }

    /// The context of the symbol after the first `position` bytes of a key.
    func context(at position: Int, in key: [UInt8], segmentStart: Int) -> Context {
        context(best, at: position, in: key, segmentStart: segmentStart)
    }

    private func context(_ kind: SymbolContext, at position: Int, in key: [UInt8], segmentStart: Int) -> Context {
        let value = kind.value(at: position, in: key, segmentStart: segmentStart)
        let wider = kind.wider.flatMap { wider in
            tables[wider.rawValue].index[wider.value(at: position, in: key, segmentStart: segmentStart)]
        }
        return Context(kind: kind, row: tables[kind.rawValue].index[value].map(Int.init), wider: wider.map(Int.init))
    }

    /// The probability that the next symbol in a context is one of several neighbouring ones.
    func probability(of symbols: Range<Int>, in context: Context) -> Double {
        guard !symbols.isEmpty else { return 0 }
        var expected: Float?
        if let wider = context.kind.wider, let row = context.wider {
            expected = tables[wider.rawValue].probability(
                of: symbols,
                in: row,
                expected: expectation(of: symbols, wider, row)
            )
        }
        guard let row = context.row else { return Double(expected ?? backgroundProbability(of: symbols)) }
        let table = tables[context.kind.rawValue]
        let prior = expected.map { $0 * Self.backgroundWeight } ?? expectation(of: symbols, context.kind, row)
        return Double(table.probability(of: symbols, in: row, expected: prior))
    }

    private func backgroundProbability(of symbols: Range<Int>) -> Float {
        background.withUnsafeBufferPointer { row in symbols.reduce(Float(0)) { $0 + row[$1] } }
    }

    /// What the background adds to the counts of a context that has no wider one.
    private func expectation(of symbols: Range<Int>, _ kind: SymbolContext, _ row: Int) -> Float {
        let scale = tables[kind.rawValue].scale(in: row, background: classBackground, classShare: classShare)
        return background.withUnsafeBufferPointer { background in
            symbols.reduce(Float(0)) { $0 + background[$1] * scale[CharacterClass.of($1)] }
        }
    }

    private mutating func observe(
        _ symbol: Int,
        in kind: SymbolContext,
        at position: Int,
        of key: [UInt8],
        _ start: Int
    ) {
        let context = context(kind, at: position, in: key, segmentStart: start)
        let probability = probability(of: symbol..<symbol + 1, in: context)
        tables[kind.rawValue].cost += (-Float(Binary.logarithm(probability)) - tables[kind.rawValue].cost) / 512
        guard
            let row = context.row
                ?? tables[kind.rawValue].addRow(kind.value(at: position, in: key, segmentStart: start))
        else { return }
        if kind == .previousByte, tables[kind.rawValue].isNew(symbol, in: row) {
            // The background counts contexts, not keys: what always stands at one place is not frequent elsewhere.
            counts[symbol] += 1
            total += 1
            if tables[kind.rawValue].totals[row] > 0 {
                novelties += 1
                if tables[kind.rawValue].classes[row][CharacterClass.of(symbol)] > 0 { noveltiesOfSeenClass += 1 }
            }
        }
        tables[kind.rawValue].count(symbol, in: row)
    }
}

extension SymbolModel.Table {
    /// Adds a context, unless there are too many.
    fileprivate mutating func addRow(_ value: UInt32) -> Int? {
        guard totals.count < SymbolContext.limit else { return nil }
        index[value] = Int32(totals.count)
        totals.append(0)
        distinct.append(0)
        hulls.append(0..<0)
        classes.append(SIMD8(repeating: 0))
        rows.append(contentsOf: repeatElement(0, count: SymbolModel.symbolCount))
        return totals.count - 1
    }

    fileprivate func isNew(_ symbol: Int, in row: Int) -> Bool { rows[row * SymbolModel.symbolCount + symbol] == 0 }

    fileprivate mutating func count(_ symbol: Int, in row: Int) {
        if isNew(symbol, in: row) { distinct[row] += 1 }
        rows[row * SymbolModel.symbolCount + symbol] += 1
        if symbol > 0 {
            let near = max(1, symbol - 2)..<min(SymbolModel.symbolCount, symbol + 3)
            let hull = hulls[row].isEmpty ? near : hulls[row]
            hulls[row] = min(hull.lowerBound, near.lowerBound)..<max(hull.upperBound, near.upperBound)
        }
        totals[row] += 1
        classes[row][CharacterClass.of(symbol)] += 1
    }

    /// The probability of neighbouring symbols in a context.
    ///
    /// - Parameters:
    ///   - symbols: the symbols.
    ///   - row: the number of the context.
    ///   - expected: what to add to their counts, of ``SymbolModel/backgroundWeight`` for all symbols.
    /// - Returns: the probability, from 0 to 1.
    fileprivate func probability(of symbols: Range<Int>, in row: Int, expected: Float) -> Float {
        let total = max(totals[row], 1)
        let start = row * SymbolModel.symbolCount
        return rows.withUnsafeBufferPointer { rows in
            var counted: Float = 0
            for symbol in symbols { counted += rows[start + symbol] }
            // Where most symbols are still new, those between and just beside the seen ones are likely to come.
            let hull = hulls[row]
            let weight = 0.25 * distinct[row] * distinct[row] / total
            let inside = min(symbols.upperBound, hull.upperBound) - max(symbols.lowerBound, hull.lowerBound)
            let sum = counted + expected + weight * Float(max(0, inside)) / Float(max(1, hull.count))
            return sum / (total + SymbolModel.backgroundWeight + weight)
        }
    }
}
