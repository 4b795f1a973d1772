internal import Brigade
internal import FlowControl

/// The line that tells how far a copy is, for ``Progress``.
struct ProgressLine {
    private let start: ContinuousClock.Instant
    private var last: (time: ContinuousClock.Instant, done: Int)
    private var throttled = 0
    private var timeAtCeiling = Duration.zero

    /// Begins at a time from which on rates and what is left are reckoned.
    init(start: ContinuousClock.Instant = .now) {
        self.start = start
        last = (start, 0)
    }

    /// The line for a time, which is later than that of the line before; its rate is that since then.
    ///
    /// - Parameters:
    ///   - counters: How far the copy is.
    ///   - flow: How the copy is paced; what holds it back is named while it does.
    ///   - verified: How many objects were verified; `nil` while or if none are.
    ///   - now: The time.
    /// - Returns: The line.
    mutating func line(
        _ counters: CopyCounters,
        _ flow: FlowFigures,
        verified: Int? = nil,
        at now: ContinuousClock.Instant
    ) -> String {
        let done = counters.copied.objects + counters.skipped.objects + counters.failed.objects
        let rate = Double(done - last.done) / ((now - last.time) / .seconds(1))
        last = (now, done)
        let total = Quantity.count(counters.listed.objects) + (counters.isListingComplete ? "" : "+")
        var text = "\(Quantity.count(done)) of \(total) objects, \(Quantity.bytes(counters.copied.bytes)), "
        text += "\(Quantity.count(Int(rate)))/s"
        if flow.throttled > throttled || flow.throttledRegions > 0 { text += " (throttled)" }
        if flow.timeAtCeiling > timeAtCeiling { text += " (at the ceiling)" }
        (throttled, timeAtCeiling) = (flow.throttled, flow.timeAtCeiling)
        if counters.failed.objects > 0 { text += ", \(Quantity.count(counters.failed.objects)) failed" }
        if let verified { return text + ", \(Quantity.count(verified)) verified" }
        let elapsed = (now - start) / .seconds(1)
        if counters.isListingComplete, rate > 0, elapsed > 2 {
            let left = elapsed / Double(done) * Double(counters.listed.objects - done)
            text += ", \(Quantity.duration(.seconds(left))) left"
        }
        return text
    }
}
