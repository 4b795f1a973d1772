import FlowControl
import Testing

@Suite("concurrency that adapts")
struct AdaptiveConcurrencyTests {
    /// A service that works on so many requests at once, 50 ms each, and keeps others waiting.
    private struct Service {
        var workers: Int
        var failureShare = 0.0
        private var sum = 0.0

        init(workers: Int, failureShare: Double = 0) {
            self.workers = workers
            self.failureShare = failureShare
        }

        mutating func run(_ control: inout AdaptiveConcurrency, from start: Double, seconds: Double) {
            var now = start
            while now < start + seconds {
                let inFlight = control.limit
                let perSecond = Double(min(inFlight, workers)) / 0.05
                let latency = Double(inFlight) / perSecond
                now += 1 / perSecond
                sum += failureShare
                let fails = sum >= 1
                if fails { sum -= 1 }
                control.answered(
                    fails ? .overloaded : .healthy,
                    after: .seconds(latency),
                    inFlight: inFlight,
                    at: .seconds(now)
                )
            }
        }
    }

    @Test("it begins with few, and has as many as are of use within seconds", arguments: [64, 200, 1000])
    func ramp(workers: Int) {
        var service = Service(workers: workers)
        var control = AdaptiveConcurrency(ceiling: 1024, rampsUp: true, at: .zero)
        #expect(control.limit == 32)
        service.run(&control, from: 0, seconds: 3)
        #expect(control.limit >= min(1024, workers))
        #expect(control.limit <= max(4 * workers, 64))
    }

    @Test("the ceiling is one, and without a ramp it is where it begins")
    func ceiling() {
        var service = Service(workers: 100_000)
        var control = AdaptiveConcurrency(ceiling: 300, rampsUp: true, at: .zero)
        service.run(&control, from: 0, seconds: 5)
        #expect(control.limit == 300)
        #expect(AdaptiveConcurrency(ceiling: 300, rampsUp: false, at: .zero).limit == 300)
        #expect(AdaptiveConcurrency(ceiling: 1, rampsUp: true, at: .zero).limit == 1)
    }

    @Test("two failures in a hundred change nothing")
    func noise() {
        var service = Service(workers: 10_000, failureShare: 0.02)
        var control = AdaptiveConcurrency(ceiling: 256, rampsUp: true, at: .zero)
        service.run(&control, from: 0, seconds: 10)
        #expect(control.limit == 256)
    }

    @Test("a service that fails has few under way soon, and all again within a second after")
    func fallAndRecovery() {
        var service = Service(workers: 10_000)
        var control = AdaptiveConcurrency(ceiling: 256, rampsUp: false, at: .zero)
        service.run(&control, from: 0, seconds: 1)
        service.failureShare = 1
        service.run(&control, from: 1, seconds: 5)
        #expect(control.limit == 4)
        service.failureShare = 0
        service.run(&control, from: 6, seconds: 2)
        #expect(control.limit == 256)
    }

    @Test("it falls by a third, once a round")
    func once() {
        var control = AdaptiveConcurrency(ceiling: 90, rampsUp: false, at: .zero)
        for number in 1...179 {
            control.answered(.overloaded, after: .milliseconds(50), inFlight: 90, at: .milliseconds(number))
        }
        #expect(control.limit == 90)
        control.answered(.overloaded, after: .milliseconds(50), inFlight: 90, at: .milliseconds(180))
        #expect(control.limit == 60)
    }

    @Test("while fewer are under way than may be, more are not allowed")
    func notFull() {
        var control = AdaptiveConcurrency(ceiling: 256, rampsUp: true, at: .zero)
        for number in 1...10_000 {
            control.answered(.healthy, after: .milliseconds(50), inFlight: 20, at: .milliseconds(number))
        }
        #expect(control.limit == 32)
    }

    @Test("a service that takes more later is found out")
    func more() {
        var service = Service(workers: 64)
        var control = AdaptiveConcurrency(ceiling: 1024, rampsUp: true, at: .zero)
        service.run(&control, from: 0, seconds: 20)
        #expect(control.limit <= 256)
        service.workers = 1024
        service.run(&control, from: 20, seconds: 90)
        #expect(control.limit == 1024)
    }
}
