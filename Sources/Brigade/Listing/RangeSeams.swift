internal import Keyspace

/// Checks that ranges which were listed apart fit together.
///
/// Where one range ends and another begins, both were told which key comes next: the lower one by the first key that
/// its last page brought beyond its end, the upper one by its first key. In a listing that goes through the same keys in
/// one order, whatever order that is, these are the same key. And where they are the same at every seam, the ranges
/// together are the whole listing, with nothing left out between them.
///
/// In a bucket that changes meanwhile they may differ as well; so a difference is a reason to ask again.
struct RangeSeams {
    /// What comes next behind a seam.
    enum Next: Hashable {
        /// A key.
        case key([UInt8])
        /// Nothing.
        case end
        /// The page ended at the seam.
        case unknown

        /// Whether a key that comes next by another page is left out by this one.
        func leavesOut(_ other: Next?) -> Bool {
            // Something follows a page that ended at the seam and is not the last.
            guard case .key(let known) = other else { return self == .end && other == .unknown }
            return switch self {
            case .key(let key): known.lexicographicallyPrecedes(key)
            case .end: true
            case .unknown: false
            }
        }
    }

    /// Two ranges that do not fit.
    struct Gap: Hashable {
        /// A key, not above the seam, from which the page was asked for that reached over it.
        let start: [UInt8]
        /// Where the upper range begins.
        let seam: [UInt8]
        /// Up to where the lower range brought keys.
        let listed: [UInt8]
        /// What the lower range told of what comes next.
        let below: Next
        /// What the upper range told of it.
        let above: Next
    }

    private var lower: [[UInt8]: (start: [UInt8], listed: [UInt8], next: Next)] = [:]
    private var upper: [[UInt8]: Next] = [:]

    /// Seams of which one side is known.
    var count: Int { lower.count + upper.count }

    /// What the range below a seam told of it; `nil` if that is not listed to its end, or was compared already.
    func told(below seam: [UInt8]) -> Next? { lower[seam]?.next }

    /// What the range above a seam told of it; `nil` if that is not begun, or was compared already.
    func told(above seam: [UInt8]) -> Next? { upper[seam] }

    /// A range was listed to its end, with a page that was asked for from a key and brought keys up to another, if any.
    ///
    /// - Returns: The gap, if the range above does not fit.
    mutating func ended(at seam: [UInt8], start: [UInt8], listed: [UInt8]? = nil, next: Next) -> Gap? {
        let listed = listed ?? start
        guard let other = upper.removeValue(forKey: seam) else {
            lower[seam] = (start, listed, next)
            return nil
        }
        guard !fits(next, other) else { return nil }
        return Gap(start: start, seam: seam, listed: listed, below: next, above: other)
    }

    /// The first page of a range arrived.
    ///
    /// - Returns: The gap, if the range below does not fit.
    mutating func began(at seam: [UInt8], next: Next) -> Gap? {
        guard let other = lower.removeValue(forKey: seam) else {
            upper[seam] = next
            return nil
        }
        guard !fits(other.next, next) else { return nil }
        return Gap(start: other.start, seam: seam, listed: other.listed, below: other.next, above: next)
    }

    /// A range is to be listed again, since it does not fit at one of its ends; what its neighbours told stays known.
    mutating func forget(_ range: KeyRange, since gap: Gap) {
        upper[range.after] = nil
        if let end = range.through { lower[end] = nil }
        if gap.seam == range.after {
            lower[gap.seam] = (gap.start, gap.listed, gap.below)
        } else {
            upper[gap.seam] = gap.above
        }
    }

    private func fits(_ below: Next, _ above: Next) -> Bool {
        below == above || below == .unknown && above != .end
    }
}
