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
        let knownPages = (Double(counters.keys) + provenKeys) / page
        let listedPages = Double(counters.keys) / page
        let allowance = 2 + 0.2 * min(listedPages, 40) + 0.05 * listedPages + 0.01 * knownPages
        let mayProbe = Double(counters.emptyRanges + probes + 1) <= allowance
        // A small bucket must not cost more for being shared out: each cut may leave a page that is not full.
        let wasted = Double(counters.pages) - listedPages
        let unanswered = segments.reduce(0) { $0 + ($1.pages == 0 ? 1 : 0) }
        guard wasted + Double(unanswered + 1) <= 2 + max(0, min(listedPages / 2 - 1, 8), knownPages / 4 - 2) else {
            return nil
        }
        // The dearer the listing has become, the more must be left for another cut.
        let least = page * (3 + 40 * max(0, wasted / max(knownPages, 1) - 0.08))
        let share = max(expectedKeys / Double(configuration.fetchers), page)

        let candidates = segments.indices
            .filter { index in
                let segment = segments[index]
                guard segment.pages > 0 || segment.isProbe && probes < 2, !segment.isBoundPresumed,
                    let outlook = segment.outlook,
                    outlook.isProven || mayProbe || isLate(segment)
                else { return false }
                return unrequestedKeys(segment, outlook) >= least
            }
            .sorted { (segments[$0].outlook?.keys ?? 0) > (segments[$1].outlook?.keys ?? 0) }
        for index in candidates.prefix(4) {
            if let result = cut(index, share: share) { return result }
        }
        return nil
    }

    /// The end of the folder that a key lies in and a greater one does not: the widest such folder.
    ///
    /// What lies beyond a folder's end is often of another density, and the folder's own rest can be judged well.
    private func folderEnd(of key: [UInt8], below greater: [UInt8]) -> [UInt8]? {
        let shared = KeyOrder.commonPrefixLength(key, greater)
        guard let end = key[shared...].firstIndex(of: SymbolContext.separator) else { return nil }
        let result = key[..<end] + [SymbolContext.separator + 1]
        return KeyOrder.precedes(result, greater[...]) ? Array(result) : nil
    }

    /// Whether a segment has gone on for long since it was cut while most fetchers are idle.
    ///
    /// It is thought to go on then, whatever the model says: else one range that is judged wrongly would keep all
    /// others waiting.
    private func isLate(_ segment: Segment) -> Bool {
        2 * segments.count <= configuration.fetchers && segment.pages > 4
            && segment.keysSinceForecast >= 5 * Double(configuration.pageSize)
    }

    private func unrequestedKeys(_ segment: Segment, _ outlook: Outlook) -> Double {
        let keys = isLate(segment) ? max(outlook.keys, 0.75 * segment.keysSinceForecast) : outlook.keys
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
        var point = UTF8Repair.repaired(found)
        if !outlook.isProven, outlook.anchor == .position, segment.stride < 8,
            let end = folderEnd(of: position, below: point)
        {
            let mass = Ladder.logMass(from: position, to: end, base: outlook.base, model: model)
            let keys = Binary.power(mass + outlook.logDensity)
            if keys >= 3 * page, keys < distance {
                point = end
                distance = keys
            }
        }
        guard KeyOrder.precedes(segment.position[...], point[...]),
            segment.through.map({ KeyOrder.precedes(point[...], $0[...]) }) ?? true,
            point.starts(with: configuration.prefix)
        else { return nil }

        var upper = Segment(id: takeID(), position: point, through: segment.through)
        upper.below = outlook.anchor == .position ? segment.below : segment.above
        upper.above = segment.above
        upper.reachAbove = segment.reachAbove
        upper.stride = segment.stride
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
