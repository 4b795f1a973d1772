/// The parts of a job's keys that are done with: what a job that is resumed need not list again.
///
/// There is no entry for an object. Stretches that meet become one, so there are only as many as there are gaps: ranges
/// that are being listed, and objects under way. A job that ran to its end has one.
public struct CompletionLedger: Sendable, Hashable {
    /// What is done with, in ascending order; no two of them meet.
    public private(set) var stretches: [CompletedStretch] = []

    /// Creates a ledger with nothing done.
    public init() {}

    /// Creates a ledger from stretches in any order, as ``insert(_:)`` takes them.
    public init(_ stretches: some Sequence<CompletedStretch>) {
        for stretch in stretches { insert(stretch) }
    }

    /// Takes note of a stretch that is done with.
    ///
    /// One that is known already changes nothing. Where one overlaps others in part, their objects are added up, which
    /// may count some of them twice.
    public mutating func insert(_ stretch: CompletedStretch) {
        guard !stretch.range.isEmpty else { return }
        let first = firstIndex(reaching: stretch.range.after)
        var end = first
        while end < stretches.count, stretch.range.reaches(stretches[end].range.after) { end += 1 }
        guard first < end else { return stretches.insert(stretch, at: first) }
        let lowest = stretches[first].range
        let highest = stretches[end - 1].range
        if end == first + 1, !KeyOrder.precedes(stretch.range.after[...], lowest.after[...]),
            stretch.range.through.map({ lowest.reaches($0) }) ?? (lowest.through == nil)
        {
            return
        }
        var union = stretch
        if KeyOrder.precedes(lowest.after[...], union.range.after[...]) { union.range.after = lowest.after }
        if let through = union.range.through, highest.reaches(through) { union.range.through = highest.through }
        union.objects += stretches[first..<end].reduce(0) { $0 + $1.objects }
        stretches.replaceSubrange(first..<end, with: CollectionOfOne(union))
    }

    /// What of a range is not done with, in ascending order.
    public func gaps(in range: KeyRange) -> [KeyRange] {
        var gaps: [KeyRange] = []
        var position = range.after
        for stretch in stretches[firstIndex(reaching: position)...] {
            guard range.through.map({ KeyOrder.precedes(stretch.range.after[...], $0[...]) }) ?? true else { break }
            gaps.append(KeyRange(after: position, through: stretch.range.after))
            guard let through = stretch.range.through else { return gaps.filter { !$0.isEmpty } }
            if KeyOrder.precedes(position[...], through[...]) { position = through }
        }
        gaps.append(KeyRange(after: position, through: range.through))
        return gaps.filter { !$0.isEmpty }
    }

    /// Whether what lies right above a bound is done with.
    public func covers(above bound: [UInt8]) -> Bool {
        guard let stretch = stretches[firstIndex(reaching: bound)...].first(where: { $0.range.through != bound }) else {
            return false
        }
        return !KeyOrder.precedes(bound[...], stretch.range.after[...])
    }

    /// The ranges to list so that every gap is listed, in ascending order.
    ///
    /// Gaps with few objects between them are listed in one go: that costs no more pages than one range for each.
    ///
    /// - Parameters:
    ///   - range: The job's range.
    ///   - objects: The most objects between two gaps for which they become one; a page's number of keys is apt.
    /// - Returns: The ranges; those objects in them that are done with are to be passed over.
    public func rangesToList(in range: KeyRange, mergingAcross objects: Int) -> [KeyRange] {
        var coarse = self
        coarse.stretches.removeAll { stretch in
            // What lies at an end of the job's range has a gap on one side only.
            stretch.objects <= objects && KeyOrder.precedes(range.after[...], stretch.range.after[...])
                && stretch.range.through.map { through in
                    range.through.map { KeyOrder.precedes(through[...], $0[...]) } ?? true
                } ?? false
        }
        return coarse.gaps(in: range)
    }

    /// The index of the first stretch that ends at a bound or behind it.
    private func firstIndex(reaching bound: [UInt8]) -> Int {
        var low = 0
        var high = stretches.count
        while low < high {
            let middle = (low + high) / 2
            if stretches[middle].range.reaches(bound) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}

extension KeyRange {
    /// Whether no key can lie in the range.
    fileprivate var isEmpty: Bool { through.map { !KeyOrder.precedes(after[...], $0[...]) } ?? false }

    /// Whether the range ends at a bound or behind it.
    fileprivate func reaches(_ bound: [UInt8]) -> Bool {
        through.map { !KeyOrder.precedes($0[...], bound[...]) } ?? true
    }
}
