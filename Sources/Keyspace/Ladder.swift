/// The way from one key up to another through the tree of keys, as pieces of known mass.
///
/// From the lower key it climbs: at each of its bytes, the siblings to the right. At the last byte that both share the
/// way ahead it crosses between the two; then it descends along the upper bound, the siblings to the left at each of
/// its bytes. Every key above the lower and below the upper lies in exactly one piece, and pieces are in key order.
struct Ladder {
    /// Neighbouring symbols below one node of the tree.
    struct Piece {
        /// Whether the node lies on the way to the lower key, not to the upper bound.
        var isLower: Bool
        /// The number of bytes of the node's prefix.
        var depth: Int
        var symbols: Range<Int>
        /// The logarithm to base 2 of the piece's mass, the node at the ladder's base having mass 1.
        var logMass: Double
    }

    /// Which nodes on the way to the lower key are more than places on it.
    struct Edges {
        /// Above this depth, all keys of the last page are in one node: it is left only if half of the way is within it.
        var known: Int
        /// Above this depth, all keys of several pages are in one node: it may well have as many again.
        var worn: Int
    }

    /// In key order; none of mass 0.
    private(set) var pieces: [Piece] = []
    /// The logarithm to base 2 of the mass of all pieces.
    private(set) var logMass = -Double.infinity

    private let lower: [UInt8]
    private let upper: [UInt8]?
    private let model: SymbolModel

    /// Bytes below the node where the ways part that are looked at; masses below are too small to matter.
    private static let reach = 24

    /// Measures what lies above `lower` and up to `upper`, or to the end of what begins with the first `base` bytes.
    ///
    /// - Parameters:
    ///   - lower: the exclusive lower key.
    ///   - upper: the bound above, or `nil`.
    ///   - base: the depth of the node of mass 1; both keys begin with the same so many bytes.
    ///   - detail: the depth down to which the lower key is followed at least.
    ///   - model: what gives the masses.
    init(above lower: [UInt8], through upper: [UInt8]?, base: Int, detail: Int, model: SymbolModel) {
        self.lower = lower
        self.upper = upper
        self.model = model
        let fork = upper.map { KeyOrder.commonPrefixLength(lower, $0) } ?? base

        var climb: [Piece] = []
        var walk = Walk(key: lower, base: base, fork: fork, model: model)
        let deepest = min(lower.count, max(fork, detail) + Self.reach)
        while walk.depth <= deepest {
            if walk.depth >= fork {
                let from = SymbolModel.symbol(of: lower, at: walk.depth) + 1
                let isFork = walk.depth == fork
                let to =
                    isFork
                    ? upper.map { SymbolModel.symbol(of: $0, at: fork) } ?? SymbolModel.symbolCount
                    : SymbolModel.symbolCount
                climb.append(isLower: true, from..<max(from, to), walk)
            }
            guard walk.depth < deepest else { break }
            walk.step()
        }
        pieces = climb.reversed()
        if let upper {
            var walk = Walk(key: upper, base: base, fork: fork, model: model)
            let deepest = min(upper.count, fork + Self.reach)
            while walk.depth < deepest {
                walk.step()
                guard walk.depth > fork else { continue }
                pieces.append(isLower: false, 0..<SymbolModel.symbol(of: upper, at: walk.depth), walk)
            }
        }
        let greatest = pieces.reduce(-Double.infinity) { max($0, $1.logMass) }
        if greatest > -.infinity {
            logMass = greatest + Binary.logarithm(pieces.reduce(0) { $0 + Binary.power($1.logMass - greatest) })
        }
    }

    /// The key at a distance above the lower key.
    ///
    /// - Parameters:
    ///   - logDistance: the mass between, as its logarithm to base 2.
    ///   - detail: how exact the key has to be, as the logarithm of a part of the distance.
    ///   - edges: the nodes on the way to the lower key at whose end to stop rather than go on among their siblings, of
    ///     which nothing is known.
    /// - Returns: `nil` if the ladder is not that long.
    func key(above logDistance: Double, detail: Double, edges: Edges? = nil) -> [UInt8]? {
        var rest = 1.0
        for piece in pieces {
            let share = Binary.power(piece.logMass - logDistance)
            if share >= rest {
                if let edges, piece.isLower, piece.depth < lower.count,
                    piece.depth < edges.worn || piece.depth < edges.known && rest <= 0.5
                {
                    return lower[..<piece.depth] + [lower[piece.depth] &+ 1]
                }
                return key(in: piece, at: rest / share, logDetail: logDistance + detail)
            }
            rest -= share
        }
        return nil
    }

    /// The key at a distance below the upper bound, counted as in ``key(above:detail:)``.
    func key(below logDistance: Double, detail: Double) -> [UInt8]? {
        var rest = 1.0
        for piece in pieces.reversed() {
            let share = Binary.power(piece.logMass - logDistance)
            if share >= rest { return key(in: piece, at: 1 - rest / share, logDetail: logDistance + detail) }
            rest -= share
        }
        return nil
    }

    /// The key at a fraction of a piece's mass, to within a mass.
    private func key(in piece: Piece, at fraction: Double, logDetail: Double) -> [UInt8] {
        let bound = piece.isLower ? lower : upper ?? lower
        var key = Array(bound[..<piece.depth])
        var symbols = piece.symbols
        var fraction = fraction
        var logMass = piece.logMass
        var segmentStart = key.lastIndex(of: SymbolContext.separator).map { $0 + 1 } ?? 0
        for _ in 0..<Self.reach {
            let context = model.context(at: key.count, in: key, segmentStart: segmentStart)
            let whole = model.probability(of: symbols, in: context)
            guard whole > 0 else { break }
            var target = fraction * whole
            var chosen = symbols.upperBound - 1
            var probability = 0.0
            for symbol in symbols {
                probability = model.probability(of: symbol..<symbol + 1, in: context)
                if target < probability {
                    chosen = symbol
                    break
                }
                target -= probability
            }
            guard chosen > 0, key.count < 1024 else { break }
            key.append(UInt8(chosen - 1))
            if key[key.count - 1] == SymbolContext.separator { segmentStart = key.count }
            logMass += Binary.logarithm(probability / whole)
            guard logMass > logDetail, probability > 0 else { break }
            fraction = min(max(target / probability, 0), 1)
            symbols = 0..<SymbolModel.symbolCount
        }
        return key
    }

    /// The logarithm to base 2 of the mass between two keys of which the second is the greater.
    static func logMass(from lower: [UInt8], to upper: [UInt8], base: Int, model: SymbolModel) -> Double {
        Ladder(above: lower, through: upper, base: base, detail: 0, model: model).logMass
    }
}

extension Ladder {
    /// A walk down the tree along one key.
    fileprivate struct Walk {
        let key: [UInt8]
        /// Where the ways to the two keys part, so that there are two branches at least.
        let fork: Int
        let model: SymbolModel
        private(set) var depth: Int
        private(set) var logMass = 0.0
        private var segmentStart: Int

        init(key: [UInt8], base: Int, fork: Int, model: SymbolModel) {
            self.key = key
            self.fork = fork
            self.model = model
            depth = base
            segmentStart = key[..<min(base, key.count)].lastIndex(of: SymbolContext.separator).map { $0 + 1 } ?? 0
        }

        /// Goes one byte deeper.
        mutating func step() {
            let symbol = SymbolModel.symbol(of: key, at: depth)
            let branching = branching
            logMass += Binary.logarithm(branching * probability(of: symbol..<symbol + 1) + 1 - branching)
            if key[depth] == SymbolContext.separator { segmentStart = depth + 1 }
            depth += 1
        }

        /// The probability that there are siblings here.
        var branching: Double { depth == fork ? 1 : model.branching(at: depth, in: key, segmentStart: segmentStart) }

        func probability(of symbols: Range<Int>) -> Double {
            guard !symbols.isEmpty else { return 0 }
            let context = model.context(at: depth, in: key, segmentStart: segmentStart)
            return model.probability(of: symbols, in: context)
        }
    }
}

extension [Ladder.Piece] {
    fileprivate mutating func append(isLower: Bool, _ symbols: Range<Int>, _ walk: Ladder.Walk) {
        let probability = walk.probability(of: symbols)
        guard probability > 0 else { return }
        let logMass = walk.logMass + Binary.logarithm(walk.branching * probability)
        append(Ladder.Piece(isLower: isLower, depth: walk.depth, symbols: symbols, logMass: logMass))
    }
}
