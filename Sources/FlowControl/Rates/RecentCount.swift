/// Counts what happened during the last second, to a tenth of a second.
struct RecentCount: Sendable {
    private static let width = Duration.milliseconds(100)
    private static let buckets = 10

    private var counts = [Int](repeating: 0, count: buckets)
    private var current = 0
    private var currentEnd: Duration
    private var begin: Duration

    init(at now: Duration) {
        begin = now
        currentEnd = now + Self.width
    }

    /// Counts something.
    mutating func add(_ number: Int = 1, at now: Duration) {
        advance(to: now)
        counts[current] += number
    }

    /// What was counted, a second.
    ///
    /// During the first second it is what there would be in one; during the first half, in one of twice that half, so
    /// that a few answers in the first milliseconds do not pass for thousands a second.
    mutating func perSecond(at now: Duration) -> Double {
        advance(to: now)
        let age = min(1, max(0.5, (now - begin) / .seconds(1)))
        return Double(counts.reduce(0, +)) / age
    }

    /// Takes in what another one counted.
    mutating func merge(_ other: RecentCount, at now: Duration) {
        var other = other
        other.advance(to: now)
        advance(to: now)
        begin = min(begin, other.begin)
        for age in 0..<Self.buckets {
            let own = (current + Self.buckets - age) % Self.buckets
            counts[own] += other.counts[(other.current + Self.buckets - age) % Self.buckets]
        }
    }

    private mutating func advance(to now: Duration) {
        guard now >= currentEnd else { return }
        guard now - currentEnd < .seconds(1) else {
            for index in counts.indices { counts[index] = 0 }
            currentEnd = now + Self.width
            return
        }
        while now >= currentEnd {
            currentEnd += Self.width
            current = (current + 1) % Self.buckets
            counts[current] = 0
        }
    }
}
