import FlowControl
import TestSupport
import Testing

@Suite("the ceiling on requests")
struct RequestCeilingTests {
    private func take(_ ceiling: inout RequestCeiling, at now: Duration) -> RequestCeiling.Place? {
        ceiling.take(at: now)
    }

    @Test("whatever the network does to requests, no second sees more than the bound", arguments: UInt64(1)...20)
    func exact(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let bound = random.number(1...600)
        var ceiling = RequestCeiling(perSecond: bound, at: .zero)
        // Delivery and answer take anything; now and then everything stands still.
        let longest = random.number(1...400)
        // A request may wait for its connection, too long at times.
        var departing: [(time: Int, place: RequestCeiling.Place)] = []
        var answers: [(time: Int, place: RequestCeiling.Place)] = []
        var seen: [Int] = []
        for millisecond in 0..<10_000 {
            answers.removeAll { answer in
                guard answer.time <= millisecond else { return false }
                ceiling.ended(answer.place, at: .milliseconds(millisecond))
                return true
            }
            if random.chance(oneIn: 50) { continue }
            while let place = ceiling.take(at: .milliseconds(millisecond)) {
                let isLate = random.chance(oneIn: 10)
                departing.append((millisecond + (isLate ? random.number(0...3000) : 0), place))
            }
            departing.removeAll { waiting in
                guard waiting.time <= millisecond else { return false }
                guard let place = ceiling.sent(waiting.place, at: .milliseconds(millisecond)) else { return true }
                let delivery = millisecond + random.number(0...longest)
                seen.append(delivery)
                answers.append((delivery + random.number(0...longest), place))
                return true
            }
        }
        seen.sort()
        for (index, time) in seen.enumerated() where index >= bound {
            #expect(time - seen[index - bound] >= 1000, "request \(index) of seed \(seed)")
        }
    }

    @Test("with short answers, nearly all of the bound is used, and evenly")
    func used() {
        var ceiling = RequestCeiling(perSecond: 500, at: .zero)
        var taken = 0
        var mostInAStep = 0
        var answers: [(time: Int, place: RequestCeiling.Place)] = []
        for millisecond in stride(from: 0, to: 10_000, by: 2) {
            while let first = answers.first, first.time <= millisecond {
                ceiling.ended(answers.removeFirst().place, at: .milliseconds(millisecond))
            }
            var inStep = 0
            while let place = ceiling.take(at: .milliseconds(millisecond)) {
                answers.append((millisecond + 20, place))
                inStep += 1
            }
            taken += inStep
            mostInAStep = max(mostInAStep, inStep)
        }
        #expect((4800...5000).contains(taken), "20 ms of 1,020 are lost, and the grain of 5 ms")
        #expect(mostInAStep <= 10, "what a timer was late is made up for, and no more")
    }

    @Test("a request that is never answered gives its place back a second after it must have arrived")
    func unanswered() {
        var ceiling = RequestCeiling(perSecond: 1, at: .zero)
        #expect(take(&ceiling, at: .zero) != nil)
        #expect(take(&ceiling, at: .milliseconds(1999)) == nil)
        #expect(take(&ceiling, at: .milliseconds(2020)) != nil)
    }

    @Test("after a pause everything is free, and an answer that comes then changes nothing")
    func pause() throws {
        var ceiling = RequestCeiling(perSecond: 2, at: .zero)
        let place = try #require(take(&ceiling, at: .zero))
        #expect(take(&ceiling, at: .seconds(10)) != nil)
        ceiling.ended(place, at: .seconds(10))
        #expect(take(&ceiling, at: .milliseconds(10_500)) != nil)
        #expect(take(&ceiling, at: .milliseconds(10_900)) == nil)
    }
}
