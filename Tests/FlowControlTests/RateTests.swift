import FlowControl
import TestSupport
import Testing

@Suite("rates that adapt, and the ceiling on bytes")
struct RateTests {
    /// A server that takes so many requests a second, and answers after 50 ms.
    private struct Server {
        var perSecond: Double
        var tokens = 0.0

        mutating func takes(_ elapsed: Double) -> Bool {
            tokens = min(perSecond / 10, tokens + perSecond * elapsed)
            guard tokens >= 1 else { return false }
            tokens -= 1
            return true
        }
    }

    /// Sends as fast as the rate allows for so many seconds.
    private func run(
        _ rate: inout AdaptiveRate,
        on server: inout Server,
        from start: Int,
        seconds: Int
    ) -> (accepted: Int, throttled: Int) {
        var (accepted, throttled) = (0, 0)
        var answers: [(time: Int, isAccepted: Bool)] = []
        for millisecond in (start * 1000)..<((start + seconds) * 1000) {
            let now = Duration.milliseconds(millisecond)
            while let first = answers.first, first.time <= millisecond {
                answers.removeFirst()
                if first.isAccepted {
                    rate.succeeded(at: now)
                    accepted += 1
                } else {
                    _ = rate.throttled(after: .milliseconds(50), at: now)
                    throttled += 1
                }
            }
            var elapsed = 0.001
            while rate.take(at: now) {
                answers.append((millisecond + 50, server.takes(elapsed)))
                elapsed = 0
            }
            if server.takes(elapsed) { server.tokens += 1 }
        }
        return (accepted, throttled)
    }

    @Test("it settles just below what the server takes", arguments: [200.0, 1000, 3500])
    func settles(perSecond: Double) {
        var server = Server(perSecond: perSecond)
        var rate = AdaptiveRate(acceptedPerSecond: perSecond * 0.6, at: .zero)
        _ = run(&rate, on: &server, from: 0, seconds: 15)
        let settled = run(&rate, on: &server, from: 15, seconds: 60)
        #expect(Double(settled.accepted) > 0.93 * perSecond * 60)
        #expect(Double(settled.throttled) < 0.02 * Double(settled.accepted))
    }

    @Test("a server that takes twice as much is found out within seconds, and one that takes half as well")
    func follows() {
        var server = Server(perSecond: 1000)
        var rate = AdaptiveRate(acceptedPerSecond: 1000, at: .zero)
        _ = run(&rate, on: &server, from: 0, seconds: 20)
        server.perSecond = 2000
        _ = run(&rate, on: &server, from: 20, seconds: 10)
        #expect(run(&rate, on: &server, from: 30, seconds: 10).accepted > 17_000)
        server.perSecond = 500
        _ = run(&rate, on: &server, from: 40, seconds: 3)
        let after = run(&rate, on: &server, from: 43, seconds: 10)
        #expect(after.accepted > 4200)
        #expect(after.throttled < 250)
    }

    @Test("one answer in two hundred changes nothing")
    func bearsLittle() {
        var rate = AdaptiveRate(acceptedPerSecond: 1000, at: .zero)
        for millisecond in 0..<1000 {
            let now = Duration.milliseconds(5000 + millisecond)
            rate.succeeded(at: now)
            if millisecond % 200 == 0 {
                let hasFallen = rate.throttled(after: .milliseconds(20), at: now)
                #expect(!hasFallen)
            }
        }
    }

    @Test("a server that refuses everything for the rest of a second does not make it fall to nothing")
    func windows() {
        var rate = AdaptiveRate(acceptedPerSecond: 3000, at: .zero)
        // Nothing is accepted before the first second is over: that says nothing yet of what the server takes.
        for millisecond in stride(from: 0, to: 1000, by: 10) {
            _ = rate.throttled(after: .milliseconds(20), at: .milliseconds(millisecond))
        }
        #expect(rate.perSecond > 1700 && rate.perSecond < 2400, "falls of a tenth")
        let before = rate.perSecond
        // Later it says what it says, but one fall leaves half.
        for millisecond in stride(from: 1000, to: 1250, by: 10) {
            _ = rate.throttled(after: .milliseconds(20), at: .milliseconds(millisecond))
        }
        #expect(rate.perSecond < before / 2 && rate.perSecond > before * 0.4)
    }

    @Test("it falls once, however many answers of the same moment ask for it")
    func fallsOnce() {
        var rate = AdaptiveRate(acceptedPerSecond: 1000, at: .zero)
        let before = rate.perSecond
        var falls = 0
        for _ in 0..<500 where rate.throttled(after: .milliseconds(300), at: .milliseconds(400)) { falls += 1 }
        #expect(falls == 1)
        #expect(rate.perSecond < before)
    }

    @Test("a rate that nothing was said against for long is over")
    func over() {
        var rate = AdaptiveRate(acceptedPerSecond: 100, at: .zero)
        let isOverAtOnce = rate.isOver(at: .seconds(1))
        #expect(!isOverAtOnce)
        var seconds = 1
        while seconds < 60, !rate.isOver(at: .seconds(seconds)) { seconds += 1 }
        #expect((8...15).contains(seconds))
    }

    @Test("bytes: an object goes when those before it are paid for")
    func bytes() {
        var ceiling = ByteCeiling(perSecond: 1000, at: .zero)
        #expect(ceiling.nextLeave == .zero)
        ceiling.take(5000, at: .zero)
        #expect(ceiling.nextLeave == .seconds(5))
        ceiling.take(0, at: .seconds(5))
        #expect(ceiling.nextLeave == .seconds(5))
        ceiling.take(1000, at: .seconds(5))
        #expect(ceiling.nextLeave == .seconds(6))
        // What was not used is lost, but for what a timer is late.
        ceiling.take(1000, at: .seconds(60))
        #expect(ceiling.nextLeave == .milliseconds(60_980))
    }

    @Test("bytes: a size that no object has stops a job, and does not break it")
    func absurdSizes() {
        var ceiling = ByteCeiling(perSecond: 1, at: .zero)
        ceiling.take(-1, at: .zero)
        #expect(ceiling.nextLeave == .zero)
        ceiling.take(.max, at: .zero)
        #expect(ceiling.nextLeave > .seconds(1_000_000_000))
    }
}
