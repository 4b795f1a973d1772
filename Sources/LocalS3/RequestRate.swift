/// The most requests that came within any second, wherever it begins.
struct RequestRate: Sendable {
    /// The most so far.
    private(set) var highest = 0

    /// When the requests of the last second came; a ring, of which `count` from `first` on are used.
    private var times: [ContinuousClock.Instant] = []
    private var first = 0
    private var count = 0

    /// A request has come, no earlier than those before it.
    mutating func note(_ now: ContinuousClock.Instant) {
        while count > 0, now - times[first] >= .seconds(1) {
            first = (first + 1) % times.count
            count -= 1
        }
        if count == times.count {
            times = Array(times[first...] + times[..<first]) + Array(repeating: now, count: max(64, count))
            first = 0
        }
        times[(first + count) % times.count] = now
        count += 1
        highest = max(highest, count)
    }
}
