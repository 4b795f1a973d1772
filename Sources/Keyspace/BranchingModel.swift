/// Which levels of the tree of keys branch at all, by their places.
///
/// Of random names that tell a thousand folders apart, the first bytes branch and the others follow from them. What
/// predicts a byte from the bytes before it cannot see that: it gives every further digit ten siblings of equal mass,
/// and the keys of a folder the smaller a share the longer the folder's name is.
struct BranchingModel: Sendable {
    /// Nodes with several keys, by place: with more than one branch, and with just one.
    private var nodes: [UInt32: SIMD2<Float>] = [:]

    /// The keys of a sample that have to lie in a node for it to be counted.
    private static let leastKeys = 3
    /// The weight of what is thought before anything is counted: that a level branches.
    private static let priorWeight: Float = 0.3

    /// Learns from keys of one page, in order: from the nodes that begin and end between them.
    mutating func learn(_ sample: [[UInt8]]) {
        let forks = zip(sample, sample.dropFirst()).map { KeyOrder.commonPrefixLength($0, $1) }
        guard let top = forks.min(), let bottom = forks.max(), top < bottom else { return }
        // For each depth below the top, the first key of the node there, and whether the node has branched.
        var first = [Int?](repeating: nil, count: bottom - top)
        var hasBranched = [Bool](repeating: false, count: bottom - top)
        for (index, fork) in forks.enumerated() {
            let key = sample[index]
            var segmentStart = key[..<fork].lastIndex(of: SymbolContext.separator).map { $0 + 1 } ?? 0
            for depth in stride(from: fork + 1, through: bottom, by: 1) {
                if depth <= key.count {
                    if key[depth - 1] == SymbolContext.separator { segmentStart = depth }
                    if let first = first[depth - top - 1], index - first + 1 >= Self.leastKeys {
                        let place = SymbolContext.place.value(at: depth, in: key, segmentStart: segmentStart)
                        nodes[place, default: SIMD2(0, 0)][hasBranched[depth - top - 1] ? 0 : 1] += 1
                    }
                }
                first[depth - top - 1] = index + 1
                hasBranched[depth - top - 1] = false
            }
            if fork > top { hasBranched[fork - top - 1] = true }
        }
    }

    /// The probability that a node has more than one branch.
    func probability(at depth: Int, in key: [UInt8], segmentStart: Int) -> Double {
        let place = SymbolContext.place.value(at: depth, in: key, segmentStart: segmentStart)
        guard let seen = nodes[place] else { return 1 }
        return Double((seen[0] + Self.priorWeight) / (seen[0] + seen[1] + Self.priorWeight))
    }
}
