internal import FlowControl
internal import HeapModule

/// A job on a simulated service, in virtual time: fetchers that list ranges, the scheduler, and copiers.
struct Simulation {
    /// What happened in a second.
    struct Second {
        var sent = 0
        var accepted = 0
        var throttled = 0
        /// Accepted where the service takes least.
        var acceptedWhereHot = 0
        /// What the service would have taken.
        var allowed = 0.0
    }

    /// The job.
    struct Job {
        var concurrency = 1024
        var fetchers = 32
        /// The keys that there are; the job goes on with new ones until the time is over.
        var keys = 400_000_000
        /// For how long, in seconds.
        var duration = 3600.0
        /// The keys that are watched for themselves.
        var hot: Range<Int>?
    }

    private enum Event {
        case answer(CopyScheduler.Ticket, SimulatedService.Answer, isHot: Bool)
        case page(fetcher: Int, SimulatedBatch)
        case tick
    }

    private struct Scheduled: Comparable {
        let time: Double
        let number: Int
        let event: Event

        static func < (left: Scheduled, right: Scheduled) -> Bool {
            left.time == right.time ? left.number < right.number : left.time < right.time
        }

        static func == (left: Scheduled, right: Scheduled) -> Bool { left.number == right.number }
    }

    private struct Fetcher {
        var next: Int
        var end: Int
    }

    private static let pageSize = 1000
    private static let pageLatency = 0.08
    private static let timerStep = 0.01

    private let job: Job
    private var service: SimulatedService
    private var scheduler: CopyScheduler
    private var random: SplitMix64
    private var events = Heap<Scheduled>()
    private var number = 0
    private var now = 0.0
    private var nextTick: Double?
    private var fetchers: [Fetcher] = []
    private(set) var seconds: [Second]

    init(_ job: Job, _ behaviour: SimulatedService.Behaviour, seed: UInt64) {
        self.job = job
        service = SimulatedService(behaviour, keys: job.keys)
        var configuration = CopyScheduler.Configuration()
        configuration.concurrency = job.concurrency
        scheduler = CopyScheduler(configuration, at: .zero)
        random = SplitMix64(seed: seed)
        seconds = Array(repeating: Second(), count: Int(job.duration) + 1)
        let share = job.keys / job.fetchers / Self.pageSize * Self.pageSize
        fetchers = (0..<job.fetchers).map { Fetcher(next: $0 * share, end: ($0 + 1) * share) }
    }

    /// What pacing did.
    var figures: FlowFigures { scheduler.figures(at: .seconds(now)) }

    /// Runs the job for its time.
    mutating func run() {
        for fetcher in fetchers.indices { list(fetcher) }
        for copier in 0..<job.concurrency { next(copier) }
        while let first = events.min, first.time < job.duration {
            _ = events.removeMin()
            note(until: first.time)
            now = first.time
            handle(first.event)
            // The shell's timer looks every ten milliseconds.
            if nextTick == nil, scheduler.nextTick != nil {
                nextTick = now + Self.timerStep
                schedule(.tick, after: Self.timerStep)
            }
        }
    }

    private mutating func handle(_ event: Event) {
        switch event {
        case .tick:
            nextTick = nil
            wake(scheduler.tick(at: .seconds(now)))
        case .page(let fetcher, let batch):
            let (put, wakes) = scheduler.put(batch, by: fetcher, at: .seconds(now))
            if case .accepted = put { list(fetcher) }
            wake(wakes)
        case .answer(let ticket, let answer, let isHot):
            let second = Int(now)
            switch answer {
            case .accepted:
                seconds[second].accepted += 1
                if isHot { seconds[second].acceptedWhereHot += 1 }
                scheduler.finished(ticket, .answered, at: .seconds(now))
            case .slowDown:
                seconds[second].throttled += 1
                _ = scheduler.failed(ticket, .throttled, at: .seconds(now), using: &random)
            case .internalError:
                _ = scheduler.failed(ticket, .transient, at: .seconds(now), using: &random)
            }
            next(0)
        }
    }

    private mutating func next(_ copier: Int) {
        let (next, wakes) = scheduler.next(for: copier, at: .seconds(now))
        if case .ticket(let ticket) = next { send(ticket) }
        wake(wakes)
    }

    private mutating func wake(_ wakes: CopyScheduler.Wakes) {
        for (_, ticket) in wakes.copiers { if let ticket { send(ticket) } }
        for (producer, batch) in wakes.producers where batch != nil { list(producer) }
    }

    private mutating func send(_ ticket: CopyScheduler.Ticket) {
        guard let batch = scheduler.batch(ticket.batch) as? SimulatedBatch else { return }
        let key = batch.numbers.lowerBound + ticket.index
        seconds[Int(now)].sent += 1
        let answer = service.answer(key, at: now, using: &random)
        let latency = service.behaviour.latency
        let isHot = job.hot?.contains(key) ?? false
        schedule(.answer(ticket, answer, isHot: isHot), after: latency.least + 2 * latency.more * random.unit())
    }

    /// Lists the next page of a fetcher's range; one that is done takes half of the largest one left.
    private mutating func list(_ fetcher: Int) {
        if fetchers[fetcher].next >= fetchers[fetcher].end {
            guard let largest = fetchers.indices.max(by: { left(of: $0) < left(of: $1) }),
                left(of: largest) >= 2 * Self.pageSize
            else { return }
            let middle = fetchers[largest].next + left(of: largest) / 2 / Self.pageSize * Self.pageSize
            fetchers[fetcher] = Fetcher(next: middle, end: fetchers[largest].end)
            fetchers[largest].end = middle
        }
        let start = fetchers[fetcher].next
        fetchers[fetcher].next += Self.pageSize
        schedule(
            .page(fetcher: fetcher, SimulatedBatch(numbers: start..<(start + Self.pageSize))),
            after: Self.pageLatency
        )
    }

    private func left(of fetcher: Int) -> Int { fetchers[fetcher].end - fetchers[fetcher].next }

    private mutating func schedule(_ event: Event, after seconds: Double) {
        number += 1
        events.insert(Scheduled(time: now + seconds, number: number, event: event))
    }

    /// Notes, for each second that is over, what the service would have taken.
    private mutating func note(until time: Double) {
        guard Int(time) > Int(now) else { return }
        let behaviour = service.behaviour
        let rates = service.partitions.reduce(0) { $0 + $1.rate }
        let possible = Double(job.concurrency) / (behaviour.latency.least + behaviour.latency.more)
        for second in Int(now)..<min(seconds.count, Int(time)) {
            let isOut = behaviour.outage?.contains(Double(second)) ?? false
            seconds[second].allowed =
                isOut
                ? 0
                : min(rates, behaviour.rateInAll ?? rates, possible)
                    * (1 - behaviour.failureShare) * (1 - behaviour.slowDownShare)
        }
    }
}
