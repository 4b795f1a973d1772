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
            guard case .key(let known) = other else { return false }
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
    }

    private var lower: [[UInt8]: (start: [UInt8], next: Next)] = [:]
    private var upper: [[UInt8]: Next] = [:]

    /// Seams of which one side is known.
    var count: Int { lower.count + upper.count }

    /// What the range below a seam told of it; `nil` if that is not listed to its end, or was compared already.
    func told(below seam: [UInt8]) -> Next? { lower[seam]?.next }

    /// What the range above a seam told of it; `nil` if that is not begun, or was compared already.
    func told(above seam: [UInt8]) -> Next? { upper[seam] }

    /// A range was listed to its end, with a page that was asked for from a key.
    ///
    /// - Returns: The gap, if the range above does not fit.
    mutating func ended(at seam: [UInt8], start: [UInt8], next: Next) -> Gap? {
        guard let other = upper.removeValue(forKey: seam) else {
            lower[seam] = (start, next)
            return nil
        }
        return fits(next, other) ? nil : Gap(start: start, seam: seam)
    }

    /// The first page of a range arrived.
    ///
    /// - Returns: The gap, if the range below does not fit.
    mutating func began(at seam: [UInt8], next: Next) -> Gap? {
        guard let other = lower.removeValue(forKey: seam) else {
            upper[seam] = next
            return nil
        }
        return fits(other.next, next) ? nil : Gap(start: other.start, seam: seam)
    }

    private func fits(_ first: Next, _ second: Next) -> Bool {
        first == second || first == .unknown || second == .unknown
    }
}
