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
    }

    /// Two ranges that do not fit.
    struct Gap: Hashable {
        /// The last key that the lower range holds, or its beginning.
        let last: [UInt8]
        /// Where the upper range begins.
        let seam: [UInt8]
    }

    private var lower: [[UInt8]: (last: [UInt8], next: Next)] = [:]
    private var upper: [[UInt8]: Next] = [:]

    /// Seams of which one side is known.
    var count: Int { lower.count + upper.count }

    /// A range was listed to its end.
    ///
    /// - Returns: The gap, if the range above does not fit.
    mutating func ended(at seam: [UInt8], last: [UInt8], next: Next) -> Gap? {
        guard let other = upper.removeValue(forKey: seam) else {
            lower[seam] = (last, next)
            return nil
        }
        return fits(next, other) ? nil : Gap(last: last, seam: seam)
    }

    /// The first page of a range arrived.
    ///
    /// - Returns: The gap, if the range below does not fit.
    mutating func began(at seam: [UInt8], next: Next) -> Gap? {
        guard let other = lower.removeValue(forKey: seam) else {
            upper[seam] = next
            return nil
        }
        return fits(other.next, next) ? nil : Gap(last: other.last, seam: seam)
    }

    private func fits(_ first: Next, _ second: Next) -> Bool {
        first == second || first == .unknown || second == .unknown
    }
}
