import TestSupport
import Testing

@testable import FlowControl

@Suite("the share of throttled answers")
struct ThrottledShareTests {
    /// How often it is too large among so many answers.
    private func overflows(_ share: Double, answers: Int) -> Int {
        var random = SeededGenerator(seed: 1)
        var (throttled, overflows) = (ThrottledShare(), 0)
        for _ in 0..<answers {
            if Double.random(in: 0..<1, using: &random) < share {
                if throttled.throttled() { overflows += 1 }
            } else {
                throttled.accepted()
            }
        }
        return overflows
    }

    @Test("one in a hundred hardly ever is too much, one in ten is so at once")
    func shares() {
        #expect(overflows(0.005, answers: 300_000) == 0)
        #expect(overflows(0.01, answers: 300_000) < 6)
        #expect(overflows(0.1, answers: 100_000) > 1000)
    }

    @Test("four in a row are too many, and it begins anew")
    func row() {
        var share = ThrottledShare()
        for _ in 0..<2 {
            let said = (0..<4).map { _ in share.throttled() }
            #expect(said == [false, false, false, true])
        }
    }
}
