import FlowControl
import Testing

@Suite("the budget of repetitions")
struct RetryBudgetTests {
    private func take(_ budget: inout RetryBudget, afterTimeout: Bool = false, at now: Duration) -> Duration? {
        budget.take(afterTimeout: afterTimeout, at: now)
    }

    @Test("a hundred repetitions are free, then ten a second, however many want to")
    func outage() {
        var budget = RetryBudget()
        var taken = 0
        for millisecond in 0..<10_000 {
            while budget.take(at: .milliseconds(millisecond)) == nil { taken += 1 }
        }
        #expect((195...201).contains(taken))
    }

    @Test("whoever has to wait is told until when, and that is right")
    func wait() throws {
        var budget = RetryBudget()
        while budget.take(at: .zero) == nil {}
        let time = try #require(take(&budget, at: .zero))
        #expect(time == .milliseconds(100))
        #expect(take(&budget, at: time) == nil)
        let afterTimeout = try #require(take(&budget, afterTimeout: true, at: time))
        #expect(afterTimeout == .milliseconds(300))
    }

    @Test("five successes pay for a repetition, and a repetition that succeeds pays for itself")
    func successes() {
        var budget = RetryBudget()
        while budget.take(at: .zero) == nil {}
        for _ in 0..<4 { budget.succeeded(isRepetition: false) }
        #expect(take(&budget, at: .zero) != nil)
        budget.succeeded(isRepetition: false)
        #expect(take(&budget, at: .zero) == nil)
        budget.succeeded(isRepetition: true)
        #expect(take(&budget, at: .zero) == nil)
        #expect(take(&budget, at: .zero) != nil)
    }

    @Test("successes never save up more than the beginning's")
    func full() {
        var budget = RetryBudget()
        for _ in 0..<10_000 { budget.succeeded(isRepetition: true) }
        var taken = 0
        while budget.take(at: .zero) == nil { taken += 1 }
        #expect(taken == 100)
    }
}
