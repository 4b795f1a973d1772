internal import Keyspace

/// A first page without a key, which says that nothing lies in its range nor behind it, is believed once the range below
/// says so too: else it is listed again, since one such page could cost half of a bucket.
extension FetcherDispatch {
    /// Holds back what a first page without a key covers.
    ///
    /// - Returns: Whether it is held; not where nothing is listed below that could tell.
    mutating func hold(_ range: KeyRange) -> Bool {
        var range = range
        if let below = held.firstIndex(where: { $0.through == range.after }) {
            // That nothing follows the range below is to be borne out itself.
            range.after = held.remove(at: below).after
        } else if !isComparedLater(range.after) {
            return false
        }
        if let above = held.firstIndex(where: { $0.after == range.through }) {
            range.through = held.remove(at: above).through
        }
        held.append(range)
        return true
    }

    /// Has a range listed again that is held, if a gap is at one of its ends.
    ///
    /// - Returns: Whether there was one.
    mutating func doubtHeld(at gap: RangeSeams.Gap) -> Bool {
        guard let index = held.firstIndex(where: { $0.after == gap.seam || $0.through == gap.seam }) else {
            return false
        }
        let range = held.remove(at: index)
        doubted.append(range)
        seams.forget(range, since: gap)
        return true
    }

    /// The range above a seam that the one below, listed to its end now, bears out.
    mutating func release(_ seam: [UInt8]?) -> KeyRange? {
        guard let seam, let index = held.firstIndex(where: { $0.after == seam }), seams.told(above: seam) == nil else {
            return nil
        }
        return held.remove(at: index)
    }

    /// Whether what comes next behind a seam was told from above, and is still to be told from below.
    private func isComparedLater(_ seam: [UInt8]) -> Bool {
        seams.told(above: seam) != nil && (machine.remainingRanges + doubted).contains { $0.through == seam }
    }
}
