/// A model of how S3 takes requests: partitions of the keyspace, of which each takes so many writes a second, and splits
/// slowly under load.
///
/// Amazon S3 takes at least 3,500 writes a second for each partitioned prefix, answers 503 SlowDown to more, and splits
/// gradually while the load lasts (S3 User Guide, "Best practices design patterns"). How it counts is not published;
/// here, each partition is a token bucket that holds a tenth of a second.
struct SimulatedService {
    /// A range of keys that is counted for itself.
    struct Partition {
        /// The first key; the partition ends where the next one begins.
        var start: Int
        /// Requests a second.
        var rate: Double
        fileprivate var tokens: Double
        fileprivate var counted = 0.0
        /// Requests since it was last looked at.
        fileprivate var asked = 0
        /// Since when it was busy without a pause.
        fileprivate var busySince: Double?
    }

    /// How a service behaves.
    struct Behaviour {
        /// The keys that partitions begin with, and the writes a second of each.
        var partitions: [(start: Int, rate: Double)] = [(0, 3500)]
        /// How long a partition has to be busy before it is split, in seconds; `nil` for never.
        var splitsAfter: Double?
        /// Into how many partitions at most.
        var mostPartitions = 16
        /// Writes a second of all partitions together; `nil` for no bound.
        var rateInAll: Double?
        /// The share of requests answered with 500.
        var failureShare = 0.0
        /// The share of requests answered with SlowDown at random, however few there are.
        var slowDownShare = 0.0
        /// When every request is answered with 500, in seconds.
        var outage: Range<Double>?
        /// What an answer takes at least, and on average beyond that, in seconds.
        var latency = (least: 0.04, more: 0.02)
    }

    enum Answer { case accepted, slowDown, internalError }

    let behaviour: Behaviour
    private(set) var partitions: [Partition]
    private var all: Partition?
    private let keys: Int
    private var lastLook = 0.0

    init(_ behaviour: Behaviour, keys: Int) {
        self.behaviour = behaviour
        self.keys = keys
        partitions = behaviour.partitions.map { Partition(start: $0.start, rate: $0.rate, tokens: $0.rate / 10) }
        all = behaviour.rateInAll.map { Partition(start: 0, rate: $0, tokens: $0 / 10) }
    }

    /// Answers a request.
    mutating func answer(_ key: Int, at now: Double, using random: inout SplitMix64) -> Answer {
        if let outage = behaviour.outage, outage.contains(now) { return .internalError }
        if now - lastLook >= 1 { look(at: now) }
        if behaviour.slowDownShare > 0, random.unit() < behaviour.slowDownShare { return .slowDown }
        if all?.take(at: now) == false { return .slowDown }
        var (low, high) = (0, partitions.count)
        while high - low > 1 {
            let middle = (low + high) / 2
            if partitions[middle].start <= key { low = middle } else { high = middle }
        }
        guard partitions[low].take(at: now) else { return .slowDown }
        return random.unit() < behaviour.failureShare ? .internalError : .accepted
    }

    /// Splits what was busy for long without a second's pause.
    private mutating func look(at now: Double) {
        lastLook = now
        guard let wait = behaviour.splitsAfter else { return }
        var index = 0
        while index < partitions.count {
            let end = index + 1 < partitions.count ? partitions[index + 1].start : keys
            if partitions[index].isBusy(), partitions.count < behaviour.mostPartitions {
                let since = partitions[index].busySince ?? now
                partitions[index].busySince = since
                if now - since >= wait {
                    partitions[index].busySince = nil
                    var upper = partitions[index]
                    upper.start = (partitions[index].start + end) / 2
                    partitions.insert(upper, at: index + 1)
                    index += 1
                }
            } else {
                partitions[index].busySince = nil
            }
            index += 1
        }
    }
}

extension SimulatedService.Partition {
    fileprivate mutating func take(at now: Double) -> Bool {
        tokens = min(rate / 10, tokens + rate * (now - counted))
        counted = now
        asked += 1
        guard tokens >= 1 else { return false }
        tokens -= 1
        return true
    }

    /// Whether it was asked for four fifths of what it takes, or more, in the second that has passed.
    fileprivate mutating func isBusy() -> Bool {
        defer { asked = 0 }
        return Double(asked) >= 0.8 * rate
    }
}
