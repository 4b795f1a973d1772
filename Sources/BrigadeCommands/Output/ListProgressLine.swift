internal import Brigade

/// The line that tells how far a listing is, for ``Progress``.
struct ListProgressLine {
    private var last: (time: ContinuousClock.Instant, objects: Int)

    /// Begins at a time from which on the rate is reckoned.
    init(start: ContinuousClock.Instant = .now) {
        last = (start, 0)
    }

    /// The line for a time, which is later than that of the line before; its rate is that since then.
    mutating func line(_ counters: ListCounters, at now: ContinuousClock.Instant) -> String {
        let rate = Double(counters.objects - last.objects) / ((now - last.time) / .seconds(1))
        last = (now, counters.objects)
        return "\(Quantity.counted(counters.objects, "object")), \(Quantity.bytes(counters.bytes)), "
            + "\(Quantity.count(Int(rate)))/s, \(Quantity.counted(counters.requests, "page")) asked for"
    }
}
