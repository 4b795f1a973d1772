import Keyspace
import SampleKeyspaces

/// One listing of a simulated bucket in virtual time, with every answer taking the same time.
struct Simulation {
    struct Result {
        var counters: ListingCounters
        /// In units of one answer.
        var rounds: Double
        var isExact: Bool
        var secondsOfCPU: Double
    }

    let keyspace: any SampleKeyspace
    let fetchers: Int
    let pageSize = 1000
    /// By how much answers differ in time, as a fraction.
    var jitter = 0.0

    private struct Answer {
        var time: Double
        var fetcher: Int
        var start: Int
    }

    /// Lists everything.
    func run() -> Result {
        var configuration = ListingConfiguration()
        configuration.fetchers = fetchers
        var machine = ListingStateMachine(configuration: configuration)
        var generator = SeededGenerator(seed: 7)
        // Answers come in the order of their times; with equal delays that is the order of the requests.
        var pending: [Answer] = []
        var idle = Array((0..<fetchers).reversed())
        var now = 0.0
        var pieces: [(start: Int, end: Int)] = []
        var isFinished = false
        let clock = ContinuousClock()
        var cpu = Duration.zero

        func ask() {
            while let fetcher = idle.last {
                var action = ListingStateMachine.Action.wait
                cpu += clock.measure { action = machine.nextWork(for: fetcher) }
                switch action {
                case .wait: return
                case .finished:
                    isFinished = true
                    return
                case .list(let request):
                    idle.removeLast()
                    let delay = 1 + jitter * Double.random(in: -1...1, using: &generator)
                    let start = keyspace.index(after: request.startAfter)
                    let answer = Answer(time: now + delay, fetcher: fetcher, start: start)
                    var place = pending.count
                    while place > 0, pending[place - 1].time > answer.time { place -= 1 }
                    pending.insert(answer, at: place)
                }
            }
        }

        ask()
        var next = 0
        while next < pending.count {
            let answer = pending[next]
            next += 1
            if next > 4096 {
                pending.removeFirst(next)
                next = 0
            }
            now = answer.time
            let end = min(answer.start + pageSize, keyspace.count)
            let page = SimulatedPage(keyspace: keyspace, startIndex: answer.start, endIndex: end)
            var accepted: AcceptedPage?
            cpu += clock.measure {
                accepted = try? machine.received(page, isTruncated: end < keyspace.count, by: answer.fetcher)
            }
            guard let accepted else { break }
            if accepted.keyCount > 0 { pieces.append((answer.start, answer.start + accepted.keyCount)) }
            idle.append(answer.fetcher)
            ask()
        }
        pieces.sort { $0.start < $1.start }
        var reached = 0
        let isGapless = pieces.allSatisfy { piece in
            defer { reached = piece.end }
            return piece.start == reached
        }
        let parts = cpu.components
        return Result(
            counters: machine.counters,
            rounds: now,
            isExact: isFinished && isGapless && reached == keyspace.count,
            secondsOfCPU: Double(parts.seconds) + Double(parts.attoseconds) / 1e18
        )
    }
}
