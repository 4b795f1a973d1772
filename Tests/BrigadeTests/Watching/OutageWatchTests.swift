import Testing

@testable import Brigade

@Suite("Noticing that a service is away")
struct OutageWatchTests {
    @Test("an outage is told of once, and its end")
    func outage() {
        var watch = OutageWatch()
        #expect(watch.notice(answers: 10, failures: 0, at: .seconds(1)) == nil)
        #expect(watch.notice(answers: 10, failures: 256, at: .seconds(2)) == nil)
        #expect(watch.notice(answers: 10, failures: 300, at: .seconds(5)) == nil)
        #expect(watch.notice(answers: 10, failures: 300, at: .seconds(6)) == .unreachable(for: .seconds(5)))
        #expect(watch.notice(answers: 10, failures: 900, at: .seconds(60)) == nil)
        #expect(watch.notice(answers: 12, failures: 901, at: .seconds(61)) == .reachable(after: .seconds(60)))
        #expect(watch.notice(answers: 12, failures: 901, at: .seconds(90)) == nil, "slow, but nothing failed")
        #expect(watch.notice(answers: 12, failures: 902, at: .seconds(91)) == .unreachable(for: .seconds(30)))
    }

    @Test("failures among answers are none of its business")
    func mixed() {
        var watch = OutageWatch()
        for second in 1...100 {
            #expect(watch.notice(answers: second, failures: 100 * second, at: .seconds(second)) == nil)
        }
    }
}
