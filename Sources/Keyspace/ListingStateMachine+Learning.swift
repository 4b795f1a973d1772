extension ListingStateMachine {
    /// The keys of a page that the model learns from.
    private var sampleSize: Int { model.keysLearnt < 3000 ? 16 : 8 }

    /// Keys from the whole of a page, its first and last among them, found to be in order.
    func checkedSample<Keys: RandomAccessCollection>(
        of keys: Keys,
        after: [UInt8],
        isTruncated: Bool
    ) throws(ListingError) -> [[UInt8]] where Keys.Element == ArraySlice<UInt8> {
        let count = keys.count
        guard count <= configuration.pageSize else { throw ListingError(code: .pageTooLong, after: after) }
        guard count > 0 else {
            guard !isTruncated else { throw ListingError(code: .noProgress, after: after) }
            return []
        }
        let size = min(count, sampleSize)
        var sample: [[UInt8]] = []
        sample.reserveCapacity(size)
        for step in 0..<size {
            let offset = size == 1 ? 0 : step * (count - 1) / (size - 1)
            let key = Array(keys[keys.index(keys.startIndex, offsetBy: offset)])
            guard KeyOrder.precedes((sample.last ?? after)[...], key[...]) else {
                throw ListingError(code: sample.isEmpty ? .notAboveStart : .notAscending, after: after)
            }
            sample.append(key)
        }
        return sample
    }

    /// Whether there is anyone to cut for: a serial listing has nothing to learn.
    private var mayCut: Bool { configuration.splitsRanges && configuration.fetchers > 1 }

    /// The keys that a page of this server holds where more follow: what it shows is believed, what was asked for is not.
    var pageKeys: Double { shownPageKeys ?? Double(configuration.pageSize) }

    /// Takes note of how long a page is that more keys follow.
    ///
    /// A server may send fewer keys than it was asked for, always or now and then.
    mutating func notePage(of count: Int) {
        let count = Double(count)
        shownPageKeys = max(count, shownPageKeys.map { $0 - ($0 - count) / 8 } ?? count)
    }

    /// Learns from the keys of a page.
    mutating func learn(_ sample: [[UInt8]], at index: Int) {
        guard mayCut else { return }
        var predecessor: [UInt8]? = segments[index].pages > 0 ? segments[index].position : nil
        if predecessor == nil, model.keysLearnt > 0 { predecessor = segments[index].position }
        model.learnBranching(sample)
        for key in sample {
            model.learn(key, after: predecessor)
            predecessor = key
        }
        model.settle()
    }

    /// Whether the first key found above a segment's start is about where the density beside it let one expect it.
    func isNear(_ first: [UInt8], _ index: Int) -> Bool {
        guard let outlook = segments[index].outlook else { return false }
        let gap = Ladder.logMass(from: segments[index].position, to: first, base: outlook.base, model: model)
        return Binary.power(gap + outlook.logDensity) < segments[index].reach / 4
    }

    /// Thinks anew about what is left of a segment after a page of its own.
    ///
    /// One page says little of the next where keys come in clusters, so what was thought before keeps its weight.
    mutating func reviseOutlook(at index: Int, after count: Int) {
        let before = segments[index].outlook
        updateOutlook(at: index)
        guard let before, before.isProven, let now = segments[index].outlook, now.isProven else { return }
        let remembered = max(before.keys - Double(count), pageKeys / 2)
        segments[index].outlook?.keys = max(now.keys, Binary.squareRoot(remembered * max(now.keys, 1)))
    }

    /// Thinks anew about what is left of a segment.
    mutating func updateOutlook(at index: Int) {
        guard mayCut, !segments[index].isKnownEmpty else { return }
        segments[index].outlook = Outlook(
            of: segments[index],
            prefix: configuration.prefix,
            page: pageKeys,
            model: model
        )
        // What has gone on for longer than was thought will go on as long again, whatever the model says.
        let overrun = segments[index].keysSinceForecast - segments[index].forecast
        if let keys = segments[index].outlook?.keys, keys < overrun { segments[index].outlook?.keys = overrun }
    }
}
