extension ListingStateMachine {
    /// Cuts the upper part off the segment where the most is thought to be left.
    ///
    /// - Returns: the index of the new segment; `nil` if no cut is worth its price.
    mutating func split() -> Int? {
        guard configuration.splitsRanges else { return nil }
        let page = Double(configuration.pageSize)
        var provenKeys = 0.0
        var expectedKeys = 0.0
        var probes = 0
        for segment in segments {
            if segment.isProbe { probes += 1 }
            guard let outlook = segment.outlook else { continue }
            expectedKeys += outlook.keys
            if outlook.isProven { provenKeys += outlook.keys }
        }
        let listedPages = Double(counters.keys) / page
        let knownPages = listedPages + provenKeys / page
        let idleShare = max(0, 1 - Double(segments.count) / Double(configuration.fetchers))

        // The last page of each range is half empty, and a probe may find nothing.
        let waste = Double(counters.pages) - listedPages + 0.5 * Double(segments.count + probes)
        let urgency = 1 + 0.3 * idleShare
        let budget = 2 + 0.5 * min(listedPages, 60) + 0.09 * urgency * knownPages
        guard waste <= budget else { return nil }
        // A small bucket must not cost more for being shared out.
        let unanswered = segments.reduce(0) { $0 + ($1.pages == 0 ? 1 : 0) }
        let lost = Double(counters.pages + unanswered + 1) - listedPages
        guard lost <= 2 + max(0, listedPages / 2 - 1, knownPages / 4 - 2) else { return nil }
        let allowedMisses = 2 + 0.25 * min(listedPages, 40) + 0.025 * urgency * knownPages
        let mayProbe = Double(counters.emptyRanges + probes + 1) <= allowedMisses
        // The more of the budget is used, the more must be left for another cut.
        let least = page * (2.5 + 20 * max(0, (waste - 0.5) / budget - 0.5))

        let candidates = segments.indices
            .filter { index in
                let segment = segments[index]
                guard let outlook = segment.outlook, !segment.isBoundPresumed,
                    segment.pages > 0 || segment.isProbe && probes < 2,
                    outlook.isProven || !isAwaitingProbe(index) && (mayProbe || isLate(segment))
                else { return false }
                return keysWorthCutting(segment, outlook, idleShare) >= least
            }
            .sorted { (segments[$0].outlook?.keys ?? 0) > (segments[$1].outlook?.keys ?? 0) }
        let share = max(expectedKeys / Double(configuration.fetchers), page)
        for index in candidates {
            if let result = cut(index, share: share) { return result }
        }
        return nil
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
        2 * segments.count <= configuration.fetchers && segment.pages > 4
            && segment.keysSinceForecast >= 5 * Double(configuration.pageSize)
    }

    /// The keys thought to be left that are not on their way; what is not proven counts for more where fetchers idle.
    private func keysWorthCutting(_ segment: Segment, _ outlook: Outlook, _ idleShare: Double) -> Double {
        var keys = outlook.keys
        if !outlook.isProven, idleShare >= 0.5 { keys *= 8 }
        if isLate(segment) { keys = max(keys, 0.75 * segment.keysSinceForecast) }
        return keys - (segment.isInFlight ? Double(configuration.pageSize) : 0)
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
        let page = Double(configuration.pageSize)
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
            ? ladder.key(above: logDistance, detail: detail) : ladder.key(below: logDistance, detail: detail)
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
}
