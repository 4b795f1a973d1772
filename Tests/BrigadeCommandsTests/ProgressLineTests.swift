import Brigade
import FlowControl
import Testing

@testable import BrigadeCommands

@Suite("the progress line")
struct ProgressLineTests {
    private let start = ContinuousClock.now

    private func counters(listed: Int, copied: Int, bytes: Int = 0, isListingComplete: Bool = false) -> CopyCounters {
        var counters = CopyCounters()
        counters.listed.objects = listed
        counters.copied.objects = copied
        counters.copied.bytes = bytes
        counters.isListingComplete = isListingComplete
        return counters
    }

    @Test("while the listing goes on, the total has a plus and nothing is said of what is left")
    func listing() {
        var line = ProgressLine(start: start)
        let text = line.line(
            counters(listed: 16_000, copied: 1500, bytes: 3 << 19),
            FlowFigures(),
            at: start + .seconds(10)
        )
        #expect(text == "1,500 of 16,000+ objects, 1.5 MiB, 150/s")
    }

    @Test("the rate is that since the line before")
    func rate() {
        var line = ProgressLine(start: start)
        _ = line.line(counters(listed: 5000, copied: 1000), FlowFigures(), at: start + .seconds(1))
        let text = line.line(counters(listed: 5000, copied: 1300), FlowFigures(), at: start + .milliseconds(1500))
        #expect(text == "1,300 of 5,000+ objects, 0 B, 600/s")
        let idle = line.line(counters(listed: 5000, copied: 1300), FlowFigures(), at: start + .seconds(3))
        #expect(idle == "1,300 of 5,000+ objects, 0 B, 0/s")
    }

    @Test("once the listing is complete, what is left follows from the whole time")
    func left() {
        var line = ProgressLine(start: start)
        let text = line.line(
            counters(listed: 4000, copied: 1000, isListingComplete: true),
            FlowFigures(),
            at: start + .seconds(30)
        )
        #expect(text == "1,000 of 4,000 objects, 0 B, 33/s, 1 min 30 s left")
    }

    @Test("the first two seconds tell too little of what is left, and nothing done tells nothing")
    func tooEarly() {
        var line = ProgressLine(start: start)
        let early = line.line(
            counters(listed: 40, copied: 10, isListingComplete: true),
            FlowFigures(),
            at: start + .seconds(2)
        )
        #expect(early == "10 of 40 objects, 0 B, 5/s")
        line = ProgressLine(start: start)
        let stuck = line.line(
            counters(listed: 40, copied: 0, isListingComplete: true),
            FlowFigures(),
            at: start + .seconds(60)
        )
        #expect(stuck == "0 of 40 objects, 0 B, 0/s")
    }

    @Test("skipped and failed objects are done too, and failures are named")
    func failures() {
        var counters = counters(listed: 2000, copied: 200)
        counters.skipped.objects = 30
        counters.failed.objects = 1070
        var line = ProgressLine(start: start)
        let text = line.line(counters, FlowFigures(), at: start + .seconds(1))
        #expect(text == "1,300 of 2,000+ objects, 0 B, 1,300/s, 1,070 failed")
    }

    @Test("what holds the job back is named while it does")
    func heldBack() {
        var line = ProgressLine(start: start)
        var flow = FlowFigures()
        flow.throttled = 3
        flow.timeAtCeiling = .seconds(1)
        let held = line.line(counters(listed: 10, copied: 5), flow, at: start + .seconds(1))
        #expect(held == "5 of 10+ objects, 0 B, 5/s (throttled) (at the ceiling)")
        let free = line.line(counters(listed: 10, copied: 6), flow, at: start + .seconds(2))
        #expect(free == "6 of 10+ objects, 0 B, 1/s")
        flow.throttledRegions = 1
        let slow = line.line(counters(listed: 10, copied: 7), flow, at: start + .seconds(3))
        #expect(slow == "7 of 10+ objects, 0 B, 1/s (throttled)")
    }
}
