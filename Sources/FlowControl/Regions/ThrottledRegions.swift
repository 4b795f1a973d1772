/// The parts of the keyspace that the service throttles, each with a rate of its own.
///
/// S3 throttles partitions of the keyspace: ranges of keys, of which a client knows neither where they begin nor how
/// many there are. So they are learned from the keys whose answers ask for fewer requests. Parts that touch are one; and
/// so are neighbours that are throttled at the same time while nothing between them is known to go well, as when the
/// service as a whole is busy. A part that was throttled long ago is forgotten.
struct ThrottledRegions: Sendable {
    /// A part that is throttled.
    struct Region: Sendable {
        /// A number that no other region has.
        let id: Int
        var bounds: KeyBounds
        var rate: AdaptiveRate
        /// How often it was looked whether all of it is throttled, and the throttled answers since.
        var look = (number: 0, throttled: 0)
        let since: Duration
    }

    /// More regions are never kept: the slowest neighbours are taken together then.
    static let most = 64
    /// Neighbours are one only if both exist for so long, since what goes well between them shows a little later.
    static let probation = Duration.milliseconds(500)
    /// Neighbours are one if both were throttled within this time.
    static let simultaneous = Duration.seconds(2)
    /// How long it is remembered that keys went well.
    static let memory = Duration.seconds(5)
    /// How many keys that went well are remembered.
    static let mostRemembered = 64

    /// In the order of the keys; none overlap.
    private(set) var all: [Region] = []
    /// Changes with the bounds of any region.
    private(set) var version = 0
    private var nextID = 0
    private var goingWell: [(key: [UInt8], time: Duration)] = []

    var isEmpty: Bool { all.isEmpty }

    // MARK: Finding regions

    /// The place of the region that a key belongs to.
    func index(of key: ArraySlice<UInt8>) -> Int? {
        let place = firstIndex(notBelow: key)
        return place > 0 && all[place - 1].bounds.contains(key) ? place - 1 : nil
    }

    /// Whether a part of the keyspace touches a region.
    func touch(_ bounds: KeyBounds) -> Bool { all.contains { $0.bounds.touches(bounds) } }

    /// The place of a region.
    func index(id: Int) -> Int? { all.firstIndex { $0.id == id } }

    /// The exclusive lower bound of the next region above a key that belongs to none.
    func nextRegion(above key: ArraySlice<UInt8>) -> [UInt8]? {
        let place = firstIndex(notBelow: key)
        return place < all.count ? all[place].bounds.after : nil
    }

    /// The number of regions whose exclusive lower bound is below a key.
    private func firstIndex(notBelow key: ArraySlice<UInt8>) -> Int {
        var (low, high) = (0, all.count)
        while low < high {
            let middle = (low + high) / 2
            if all[middle].bounds.after.lexicographicallyPrecedes(key) { low = middle + 1 } else { high = middle }
        }
        return low
    }

    // MARK: Rates

    /// Gives leave to a request for a key of a region, unless it is too early.
    mutating func take(_ index: Int, at now: Duration) -> Bool {
        all[index].rate.take(at: now)
    }

    /// A request for a key of a region was accepted.
    mutating func succeeded(id: Int, at now: Duration) {
        if let index = index(id: id) { all[index].rate.succeeded(at: now) }
    }

    /// Many requests for keys around this one were accepted, and none was throttled, though nothing slows them.
    mutating func goesWell(_ key: ArraySlice<UInt8>, at now: Duration) {
        if goingWell.count == Self.mostRemembered { goingWell.removeFirst() }
        goingWell.append((Array(key), now))
    }

    // MARK: Learning

    /// Too many requests for keys of no region were throttled, or any beside a region.
    ///
    /// - Parameters:
    ///   - bounds: What is likely to be throttled as well.
    ///   - acceptedPerSecond: What was accepted there until now.
    ///   - now: The time.
    mutating func learn(_ bounds: KeyBounds, acceptedPerSecond: Double, at now: Duration) {
        version += 1
        goingWell.removeAll { bounds.contains($0.key[...]) }
        if let index = all.firstIndex(where: { $0.bounds.touches(bounds) }) {
            all[index].bounds = all[index].bounds.hull(bounds)
            unite(around: index, at: now) { $0.bounds.touches($1.bounds) }
        } else {
            insert(bounds, rate: AdaptiveRate(acceptedPerSecond: acceptedPerSecond, at: now), at: now)
        }
    }

    /// A request for a key of a region was throttled.
    mutating func throttled(_ index: Int, after latency: Duration, at now: Duration) {
        all[index].look.throttled += 1
        guard all[index].rate.throttled(after: latency, at: now) else { return }
        goingWell.removeAll { now - $0.time > Self.memory }
        let marks = goingWell
        unite(around: index, at: now) { lower, upper in
            now - max(lower.since, upper.since) >= Self.probation
                && now - min(lower.rate.lastThrottled, upper.rate.lastThrottled) <= Self.simultaneous
                && !marks.contains {
                    lower.bounds.ends(before: $0.key) && !upper.bounds.after.lexicographicallyPrecedes($0.key)
                }
        }
    }

    /// It was looked whether all of a region is throttled.
    mutating func looked(at index: Int) {
        all[index].look = (all[index].look.number + 1, 0)
    }

    /// A region goes on where it ended, as far as anybody knows.
    mutating func extend(_ index: Int, through: [UInt8]?, at now: Duration) {
        version += 1
        all[index].bounds.through = through
        unite(around: index, at: now) { $0.bounds.touches($1.bounds) }
    }

    /// Only a part of a region is throttled.
    mutating func narrow(_ index: Int, to bounds: KeyBounds) {
        version += 1
        all[index].bounds = bounds
    }

    /// Forgets the regions that are not throttled any more.
    mutating func forget(at now: Duration) {
        let before = all.count
        for index in all.indices.reversed() where all[index].rate.isOver(at: now) { all.remove(at: index) }
        if all.count != before { version += 1 }
    }

    private mutating func insert(_ bounds: KeyBounds, rate: AdaptiveRate, at now: Duration) {
        let place = all.firstIndex { bounds.after.lexicographicallyPrecedes($0.bounds.after) } ?? all.count
        all.insert(Region(id: nextID, bounds: bounds, rate: rate, since: now), at: place)
        nextID += 1
        guard all.count > Self.most else { return }
        let slowest = (0..<(all.count - 1)).min { left, right in
            all[left].rate.perSecond + all[left + 1].rate.perSecond
                < all[right].rate.perSecond + all[right + 1].rate.perSecond
        }
        if let slowest { merge(slowest, at: now) }
    }

    /// Takes a region together with its neighbours on both sides, as long as they are one.
    private mutating func unite(around index: Int, at now: Duration, _ areOne: (Region, Region) -> Bool) {
        var index = index
        while index + 1 < all.count, areOne(all[index], all[index + 1]) { merge(index, at: now) }
        while index > 0, areOne(all[index - 1], all[index]) {
            index -= 1
            merge(index, at: now)
        }
    }

    /// Takes a region and the one above it together.
    private mutating func merge(_ index: Int, at now: Duration) {
        version += 1
        let upper = all.remove(at: index + 1)
        all[index].bounds = all[index].bounds.hull(upper.bounds)
        all[index].rate.merge(upper.rate, at: now)
    }
}
