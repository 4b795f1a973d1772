/// Puts the parts of a listing in byte order that come in any order, with the memory of one entry for each gap.
///
/// Each part covers a range of keys, and the ranges of all parts lie side by side. The part that begins where the last
/// one given out ended is given out at once. Every other one is stored, and becomes part of a *run*: stored parts that
/// follow each other without a gap, chained in the storage. Between two runs there is a range that is still being
/// listed, so that there are never more runs than such ranges, however many parts are stored.
///
/// The machine does no input or output: its shell carries out what each part's ``Action`` says. A stored part is
/// written once and read once, and the storage grows to the size of all parts at most.
public struct OrderedSpoolStateMachine: Sendable {
    /// What to do with a part.
    public enum Action: Sendable, Hashable {
        /// It is the next one: give it out, and then the chain of blocks that begins with this one, if any.
        ///
        /// The blocks are to be read before the next part is taken in, since their room may be used again.
        case giveOut(then: SpoolBlock?)
        /// It has to wait: store it as this block with a link to the next one, and set the link of the previous one.
        case store(SpoolBlock, next: SpoolBlock?, previous: SpoolBlock?)
        /// It is empty and closes a gap: set the link of a block.
        case link(SpoolBlock, to: SpoolBlock)
        /// It is empty, and there is nothing to do.
        case nothing
    }

    /// Stored parts without a gap between them.
    private struct Run {
        var range: KeyRange
        /// The ends of the chain; `nil` if all its parts are empty.
        var ends: (first: SpoolBlock, last: SpoolBlock)?
    }

    /// The key up to which everything was given out; `nil` once there is no key left.
    public private(set) var frontier: [UInt8]?
    /// The bytes of storage in use, from its start; 0 means that nothing is stored and what is there may go.
    public private(set) var storedBytes = 0
    /// The most bytes of storage that were ever in use.
    public private(set) var highestStoredBytes = 0

    /// The runs in the order of their keys; none begins at the frontier, and no two meet.
    private var runs: [Run] = []

    /// Creates a machine for the keys above a bound, which is exclusive; empty for all keys.
    public init(after: [UInt8] = []) {
        frontier = after
    }

    /// The number of runs that wait for what comes before them.
    public var runCount: Int { runs.count }

    /// Takes a part in.
    ///
    /// - Parameters:
    ///   - range: The keys that it covers.
    ///   - length: Its length in bytes, which may be 0.
    /// - Returns: What to do with it.
    /// - Throws: ``SpoolError`` if the range is empty or overlaps what was taken in before; nothing has changed then.
    public mutating func take(_ range: KeyRange, length: Int) throws(SpoolError) -> Action {
        let index = try position(of: range)
        let follower = index < runs.count && runs[index].range.after == range.through ? runs[index] : nil
        if range.after == frontier {
            if follower != nil { runs.remove(at: index) }
            frontier = follower.map(\.range.through) ?? range.through
            if runs.allSatisfy({ $0.ends == nil }) { storedBytes = 0 }
            return .giveOut(then: follower?.ends?.first)
        }
        let leader = index > 0 && runs[index - 1].range.through == range.after ? runs[index - 1] : nil
        let block = length > 0 ? allocate(length) : nil
        var run = Run(range: range, ends: block.map { ($0, $0) })
        if let leader {
            run.range.after = leader.range.after
            run.ends = joined(leader.ends, run.ends)
        }
        if let follower {
            run.range.through = follower.range.through
            run.ends = joined(run.ends, follower.ends)
        }
        runs.replaceSubrange((leader == nil ? index : index - 1)..<(follower == nil ? index : index + 1), with: [run])
        let (previous, next) = (leader?.ends?.last, follower?.ends?.first)
        if let block { return .store(block, next: next, previous: previous) }
        guard let previous, let next else { return .nothing }
        return .link(previous, to: next)
    }

    /// The number of runs below a range that fits in between the runs.
    private func position(of range: KeyRange) throws(SpoolError) -> Int {
        var low = 0
        var high = runs.count
        while low < high {
            let middle = (low + high) / 2
            if KeyOrder.precedes(runs[middle].range.after[...], range.after[...]) {
                low = middle + 1
            } else {
                high = middle
            }
        }
        let below = low > 0 ? runs[low - 1].range.through : frontier
        guard let below, !KeyOrder.precedes(range.after[...], below[...]),
            range.through.map({ KeyOrder.precedes(range.after[...], $0[...]) }) ?? true
        else { throw SpoolError(range: range) }
        if low < runs.count {
            guard let through = range.through, !KeyOrder.precedes(runs[low].range.after[...], through[...]) else {
                throw SpoolError(range: range)
            }
        }
        return low
    }

    private mutating func allocate(_ length: Int) -> SpoolBlock {
        let block = SpoolBlock(offset: storedBytes, length: length)
        storedBytes = block.end
        highestStoredBytes = max(highestStoredBytes, storedBytes)
        return block
    }

    private func joined(
        _ lower: (first: SpoolBlock, last: SpoolBlock)?,
        _ upper: (first: SpoolBlock, last: SpoolBlock)?
    ) -> (first: SpoolBlock, last: SpoolBlock)? {
        guard let lower, let upper else { return lower ?? upper }
        return (lower.first, upper.last)
    }
}
