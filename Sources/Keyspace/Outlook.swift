/// What is thought to be left of a segment, and how to cut it.
struct Outlook: Sendable {
    /// Where a split point is counted from.
    enum Anchor: Sendable {
        case position
        case bound
    }

    /// The keys that are expected to be left, including those of a page that is on its way.
    var keys: Double
    /// Whether keys are known on both sides, as dense on the one as on the other: a cut between them will hit.
    var isProven: Bool
    /// Keys for a mass of 1, as its logarithm to base 2.
    var logDensity: Double
    /// Keys to the next split point, counted from the anchor; for a proven segment the caller chooses.
    var distance: Double
    var anchor: Anchor
    /// The depth of the node of mass 1.
    var base: Int
    /// The depth to which the position is followed.
    var detail: Int
}

extension Outlook {
    /// The greatest difference of densities, as a power of two, at which the keys between count as proven.
    private static let tolerance = 3.0
    /// How many times the known keys the next step into the unknown may go beyond them.
    private static let stride = 8.0

    /// What is left of a segment.
    ///
    /// - Returns: `nil` while nothing is known of the keys' density.
    init?(of segment: Segment, prefix: [UInt8], page: Double, model: SymbolModel) {
        guard let below = segment.below else { return nil }
        let position = segment.position
        base = min(
            segment.through.map { KeyOrder.commonPrefixLength(position, $0) } ?? prefix.count,
            KeyOrder.commonPrefixLength(position, below.first),
            KeyOrder.commonPrefixLength(position, below.last)
        )
        if let above = segment.above {
            base = min(
                base,
                KeyOrder.commonPrefixLength(position, above.first),
                KeyOrder.commonPrefixLength(position, above.last)
            )
        }
        let presumed = segment.isBoundPresumed ? segment.outlook : nil
        if let presumed { base = presumed.base }
        detail = KeyOrder.commonPrefixLength(below.first, below.last)
        let ladder = Ladder(above: position, through: segment.through, base: base, detail: detail, model: model)
        guard ladder.logMass > -.infinity else { return nil }
        logDensity = below.logDensity(base: base, model: model)
        let reach = max(segment.reach, page)
        let expected = Binary.power(logDensity + ladder.logMass)
        anchor = .position
        isProven = false
        keys = min(expected, 2 * Self.stride * reach)
        distance = Self.distance(known: reach, expected: expected)
        // What is expected before the open end is as likely less as more, so the open end is cut off, not the half.
        if segment.through == nil, expected <= 4 * reach { distance = 0.9 * expected }

        if let presumed, presumed.isProven, abs(presumed.logDensity - logDensity) <= Self.tolerance {
            isProven = true
            logDensity = (presumed.logDensity + logDensity) / 2
            keys = Binary.power(logDensity + ladder.logMass)
            return
        }
        guard let above = segment.above, let through = segment.through else { return }
        let densityAbove = above.logDensity(base: base, model: model)
        let gap = Ladder.logMass(from: through, to: above.first, base: base, model: model)
        guard gap == -.infinity || Binary.power(gap + densityAbove) < 2 * page else { return }
        if abs(densityAbove - logDensity) <= Self.tolerance {
            isProven = true
            logDensity = (logDensity + densityAbove) / 2
            keys = Binary.power(logDensity + ladder.logMass)
            return
        }
        let reachAbove = max(segment.reachAbove, page)
        let expectedBelowBound = Binary.power(densityAbove + ladder.logMass)
        if min(expectedBelowBound, 2 * Self.stride * reachAbove) > keys {
            anchor = .bound
            logDensity = densityAbove
            distance = Self.distance(known: reachAbove, expected: expectedBelowBound)
        }
        keys += min(expectedBelowBound, 2 * Self.stride * reachAbove)
    }
}

extension Outlook {
    /// How far to go from keys that are known: to the middle where that is near, else some steps of their number.
    private static func distance(known: Double, expected: Double) -> Double {
        expected <= 4 * known ? expected / 2 : min(stride * known, Binary.squareRoot(known * expected))
    }
}

extension Span {
    /// Keys for a mass of 1, as its logarithm to base 2.
    fileprivate func logDensity(base: Int, model: SymbolModel) -> Double {
        let mass = Ladder.logMass(from: first, to: last, base: base, model: model)
        return Binary.logarithm(Double(max(count - 1, 1))) - (mass > -.infinity ? mass : -64)
    }
}
