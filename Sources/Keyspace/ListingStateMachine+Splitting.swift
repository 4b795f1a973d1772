extension ListingStateMachine {
    /// Cuts the upper part off the segment where the most is thought to be left.
    ///
    /// - Returns: the index of the new segment; `nil` if no cut is worth its price.
    mutating func split() -> Int? {
        guard configuration.splitsRanges else { return nil }
        let page = pageKeys
        var provenKeys = 0.0
        var expectedKeys = 0.0
        var probes = 0
        var unanswered = 0
        for index in segments.indices {
            if segments[index].isProbe { probes += 1 }
            if segments[index].pages == 0 { unanswered += 1 }
            guard let keys = segments[index].outlook?.keys else { continue }
            expectedKeys += keys
            if segments[index].outlook?.isProven == true { provenKeys += keys }
        }
        let knownPages = listedPages + provenKeys / page
        let idleShare = max(0, 1 - Double(segments.count) / Double(configuration.fetchers))

        // The last page of each range is half empty, and a probe may find nothing.
        let waste = Double(counters.pages) - listedPages + 0.5 * Double(segments.count + probes)
        let budget = 2 + 0.5 * min(listedPages, 60) + 0.09 * (1 + 0.3 * idleShare) * knownPages
        guard waste <= budget else { return nil }
        // A small bucket must not cost more for being shared out.
        let lost = Double(counters.pages + unanswered + 1) - listedPages
        guard lost <= 2 + max(0, listedPages / 2 - 1, knownPages / 4 - 2) else { return nil }
        // The more of the budget is used, the more must be left for another cut; less so the fewer ranges are left, since
        // nothing else is to come then.
        let scarcity = max(0, (waste - 0.5) / budget - 0.5) * (1 - idleShare)
        let least = page * ((listedPages < 10 ? 2.5 : 2) + 10 * scarcity)

        var candidates: [(index: Int, keys: Double)] = []
        for index in segments.indices where isOpenToCuts(index, probes, idleShare) {
            guard let outlook = segments[index].outlook,
                keysWorthCutting(segments[index], outlook, idleShare) >= least
            else { continue }
            candidates.append((index, outlook.keys))
        }
        let share = max(expectedKeys / Double(configuration.fetchers), page)
        while let best = candidates.indices.max(by: { candidates[$0].keys < candidates[$1].keys }) {
            if let result = cut(candidates[best].index, share: share) { return result }
            candidates.remove(at: best)
        }
        return nil
    }

    /// Whether enough is known of a segment for it to be cut, or cut once more.
    private func isOpenToCuts(_ index: Int, _ probes: Int, _ idleShare: Double) -> Bool {
        let isProven = segments[index].outlook?.isProven == true
        // With almost all fetchers idle, one that is surely long is cut into many parts at once.
        if isProven, idleShare >= 0.75, let keys = segments[index].outlook?.keys, keys >= 8 * pageKeys { return true }
        return !segments[index].isBoundPresumed && (segments[index].pages > 0 || segments[index].isProbe && probes < 2)
            && (isProven || !isAwaitingProbe(index))
    }

    /// Whether the segment above is a probe that was cut off this one: its answer decides what to think of both.
    private func isAwaitingProbe(_ index: Int) -> Bool {
        guard index + 1 < segments.count else { return false }
        return segments[index + 1].isProbe && segments[index + 1].position == segments[index].through
    }

    /// Whether a segment has gone on for long since it was cut while most fetchers are idle.
    ///
    /// It is thought to go on then, whatever the model says: else one range that is judged wrongly would keep all
    /// others waiting.
    private func isLate(_ segment: Segment) -> Bool {
        4 * segments.count <= 3 * configuration.fetchers && segment.pages > 4
            && segment.keysSinceForecast >= 5 * pageKeys
    }

    /// The keys thought to be left that are not on their way; what is not proven counts for more where fetchers idle.
    private func keysWorthCutting(_ segment: Segment, _ outlook: Outlook, _ idleShare: Double) -> Double {
        var keys = outlook.keys
        if !outlook.isProven, idleShare >= 0.5 { keys *= 8 }
        if isLate(segment) { keys = max(keys, 0.75 * segment.keysSinceForecast) }
        return keys - (segment.isInFlight ? pageKeys : 0)
    }

    /// Cuts a segment in two.
    private mutating func cut(_ index: Int, share: Double) -> Int? {
        for factor in [1, 0.6, 1.5] {
            if let result = cut(index, share: share, factor: factor) { return result }
        }
        return nil
    }

    private mutating func cut(_ index: Int, share: Double, factor: Double) -> Int? {
        let segment = segments[index]
        guard let outlook = segment.outlook else { return nil }
        let page = pageKeys
        let position = segment.position.isEmpty ? configuration.prefix : segment.position
        let ladder = Ladder(
            above: position,
            through: segment.through,
            base: outlook.base,
            detail: outlook.detail,
            model: model
        )
        var distance = outlook.distance
        if outlook.isProven {
            let parts = max(2, Int(min(outlook.keys / share, 1e9) + 0.5))
            let inFlight = segment.isInFlight ? page : 0
            distance = inFlight + (outlook.keys - inFlight) * Double(parts / 2) / Double(parts)
        } else if outlook.anchor == .position, segment.isInFlight {
            distance = max(distance, 2 * page)
        }
        distance *= factor
        let logDistance =
            outlook.isProven
            ? ladder.logMass + Binary.logarithm(distance / outlook.keys)
            : Binary.logarithm(distance) - outlook.logDensity
        let detail = Binary.logarithm(page / 16) - outlook.logDensity - logDistance
        let found =
            outlook.anchor == .position
            ? ladder.key(above: logDistance, detail: detail, edges: edges(of: segment, outlook))
            : ladder.key(below: logDistance, detail: detail)
        guard let found else { return nil }
        let point = UTF8Repair.repaired(found)
        guard KeyOrder.precedes(segment.position[...], point[...]),
            segment.through.map({ KeyOrder.precedes(point[...], $0[...]) }) ?? true,
            point.starts(with: configuration.prefix)
        else { return nil }

        var upper = Segment(id: takeID(), position: point, through: segment.through)
        upper.below = outlook.anchor == .position ? segment.below : segment.above
        upper.above = segment.above
        upper.reachAbove = segment.reachAbove
        upper.isBoundPresumed = segment.isBoundPresumed
        upper.isProbe = !outlook.isProven
        upper.reach = outlook.isProven ? segment.reach : distance
        segments[index].through = point
        segments[index].above = nil
        segments[index].isBoundPresumed = outlook.isProven
        segments.insert(upper, at: index + 1)
        segments[index].forecast = distance
        segments[index].keysSinceForecast = 0
        segments[index + 1].forecast = outlook.keys - distance
        counters.splits += 1
        if outlook.isProven {
            // Until its first page tells, each part is what the whole was thought to be.
            for (part, keys) in [(index, distance), (index + 1, outlook.keys - distance)] {
                segments[part].outlook = outlook
                segments[part].outlook?.keys = keys
            }
        } else {
            updateOutlook(at: index)
            updateOutlook(at: index + 1)
        }
        return index + 1
    }

    /// Where to stop on the way up into what is unknown: an empty range above an end says the most.
    private func edges(of segment: Segment, _ outlook: Outlook) -> Ladder.Edges? {
        guard !outlook.isProven else { return nil }
        guard let first = segment.first, Double(segment.keys) >= 3 * pageKeys else {
            return Ladder.Edges(known: outlook.detail, worn: 0)
        }
        let worn = min(outlook.detail, KeyOrder.commonPrefixLength(first, segment.position))
        return Ladder.Edges(known: outlook.detail, worn: worn)
    }
}
