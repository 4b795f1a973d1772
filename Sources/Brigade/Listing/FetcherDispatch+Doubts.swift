internal import Keyspace

/// Pages that contradict others, or that nothing bears out, are not taken at their word: one page that ends too early
/// would cost all keys up to the end of its range.
extension FetcherDispatch {
    /// Whether a page leaves out a key that another page told of: of a range beside it, or, where it says that nothing
    /// follows, of any range above, or the one before it in its own range, which said that more follows.
    ///
    /// It may have been deleted meanwhile, and so the page is to be asked for again, once.
    ///
    /// - Parameters:
    ///   - keys: The page's keys, which ascend.
    ///   - isTruncated: Whether more keys follow them.
    ///   - request: What the page is the answer to.
    /// - Returns: Whether both cannot be true.
    func contradicts<Keys: RandomAccessCollection>(
        _ keys: Keys,
        isTruncated: Bool,
        for request: PageRequest
    ) -> Bool where Keys.Element == ArraySlice<UInt8> {
        if !isCut, keys.isEmpty, !isTruncated {
            if begun.contains(request.rangeID) || request.startAfter.lexicographicallyPrecedes(highestKey) {
                return true
            }
        }
        if !isCut, !begun.contains(request.rangeID), !request.startAfter.isEmpty {
            let next = keys.first.map { RangeSeams.Next.key(Array($0)) } ?? .end
            if next.leavesOut(seams.told(below: request.startAfter)) { return true }
        }
        guard !isCut, let seam = range(of: request).through, let known = seams.told(above: seam) else { return false }
        return Self.next(behind: seam, in: keys, isTruncated: isTruncated).leavesOut(known)
    }

    /// Whether a page says that the listing ends in its range.
    ///
    /// Then it has to be seen that nothing follows its last key, also where a range above was found empty: that says
    /// nothing of the keys below it. In a bucket that does not change this is one page of a listing; pages without a
    /// key, of ranges that were cut off above the last key, are not asked to prove it.
    ///
    /// - Parameters: As for ``contradicts(_:isTruncated:for:)``.
    /// - Returns: Whether the next key is to be asked for.
    func needsProofOfEnd<Keys: RandomAccessCollection>(
        _ keys: Keys,
        isTruncated: Bool,
        for request: PageRequest
    ) -> Bool where Keys.Element == ArraySlice<UInt8> {
        guard !isCut, !isTruncated, let last = keys.last else { return false }
        guard let seam = range(of: request).through else { return true }
        return !seam.lexicographicallyPrecedes(last)
    }

    /// What a page tells of what comes next behind a seam.
    private static func next<Keys: RandomAccessCollection>(
        behind seam: [UInt8],
        in keys: Keys,
        isTruncated: Bool
    ) -> RangeSeams.Next where Keys.Element == ArraySlice<UInt8> {
        guard let last = keys.last, seam.lexicographicallyPrecedes(last) else { return isTruncated ? .unknown : .end }
        return keys.first { seam.lexicographicallyPrecedes($0) }.map { .key(Array($0)) } ?? .unknown
    }
}
