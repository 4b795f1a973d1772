import FlowControl
import TestSupport

/// A job in virtual time on a service that answers after 40 ms on average: folders, of which each is
/// listed without an end.
struct PacedJob {
    /// How the service answers.
    struct Service {
        /// The share of requests that are throttled at random.
        var random = 0.0
        /// Requests a second that the first folder takes.
        var first = Double.infinity
        /// Requests a second that all folders take together.
        var all = Double.infinity
    }

    /// What was answered.
    struct Answers {
        var accepted = 0
        var acceptedInFirst = 0
        var throttled = 0
    }

    private static let concurrency = 64
    private static let latency = 20...60
    private static let pageLatency = 40

    var service: Service
    private var scheduler: CopyScheduler
    private var random: SeededGenerator
    private var now = 0
    private var answers = Answers()
    /// What is answered in each millisecond, in a ring.
    private var underWay = [[CopyScheduler.Ticket]](repeating: [], count: latency.upperBound + 1)
    private var pages: [(due: Int, folder: Int)] = []
    private var listed: [Int]
    private var tokens = (first: 0.0, all: 0.0)

    init(_ service: Service, folders: Int = 4, seed: UInt64) {
        self.service = service
        listed = Array(repeating: 0, count: folders)
        random = SeededGenerator(seed: seed)
        var configuration = CopyScheduler.Configuration()
        configuration.concurrency = Self.concurrency
        scheduler = CopyScheduler(configuration, at: .zero)
        pages = listed.indices.map { (0, $0) }
        for copier in 0..<Self.concurrency { next(copier) }
    }

    /// What is answered within so many seconds more.
    mutating func run(seconds: Int) -> Answers {
        answers = Answers()
        for _ in 0..<(seconds * 1000) {
            now += 1
            tokens.first = min(service.first / 10, tokens.first + service.first / 1000)
            tokens.all = min(service.all / 10, tokens.all + service.all / 1000)
            while let page = pages.first, page.due <= now {
                pages.removeFirst()
                put(page.folder)
            }
            let place = now % underWay.count
            let due = underWay[place]
            underWay[place] = []
            for ticket in due {
                answer(ticket)
                next(0)
            }
            if let tick = scheduler.nextTick, tick <= time { wake(scheduler.tick(at: time)) }
        }
        return answers
    }

    private var time: Duration { .milliseconds(now) }

    private mutating func put(_ folder: Int) {
        let start = listed[folder]
        listed[folder] += 500
        let batch = TestBatch("\(folder)/", start..<(start + 500))
        let (put, wakes) = scheduler.put(batch, by: folder, at: time)
        if case .accepted = put { pages.append((now + Self.pageLatency, folder)) }
        wake(wakes)
    }

    private mutating func next(_ copier: Int) {
        let (next, wakes) = scheduler.next(for: copier, at: time)
        if case .ticket(let ticket) = next { send(ticket) }
        wake(wakes)
    }

    private mutating func send(_ ticket: CopyScheduler.Ticket) {
        underWay[(now + random.number(Self.latency)) % underWay.count].append(ticket)
    }

    private mutating func wake(_ wakes: CopyScheduler.Wakes) {
        for (_, ticket) in wakes.copiers { if let ticket { send(ticket) } }
        for (folder, _) in wakes.producers { pages.append((now + Self.pageLatency, folder)) }
    }

    private mutating func answer(_ ticket: CopyScheduler.Ticket) {
        let isFirst = scheduler.batch(ticket.batch)?.key(ticket.index).first == UInt8(ascii: "0")
        let isThrottled =
            Double.random(in: 0..<1, using: &random) < service.random
            || tokens.all < 1 || isFirst && tokens.first < 1
        guard !isThrottled else {
            answers.throttled += 1
            _ = scheduler.failed(ticket, .throttled, at: time, using: &random)
            return
        }
        tokens.all -= 1
        if isFirst { tokens.first -= 1 }
        answers.accepted += 1
        answers.acceptedInFirst += isFirst ? 1 : 0
        scheduler.finished(ticket, .answered, at: time)
    }
}
