import TestSupport
import Testing

@testable import FlowControl

/// A job in virtual time whose service answers at random, compared with what has to be.
struct SchedulerModel {
    private let seed: UInt64
    private var random: SeededGenerator
    private var scheduler: CopyScheduler
    private var now = 0
    private var underWay: [(due: Int, copier: Int, ticket: CopyScheduler.Ticket)] = []
    private var unlisted: [TestBatch] = []
    private var waitingProducers: Set<Int> = []
    private var idle: Set<Int> = []
    private var ended: Set<Int> = []
    private var ends: [String: Int] = [:]
    private let hot: String
    private var hotAllowed = 0.0
    private let concurrency: Int
    private let isDiscarded: Bool

    init(seed: UInt64) {
        self.seed = seed
        var random = SeededGenerator(seed: seed)
        concurrency = random.number(1...100)
        isDiscarded = random.chance(oneIn: 4)
        hot = random.pick(["a/", "c/", "", "zz"])
        var configuration = CopyScheduler.Configuration()
        configuration.concurrency = concurrency
        configuration.adaptsConcurrency = random.chance(oneIn: 2)
        configuration.batchesAhead = random.number(1...16)
        configuration.maximumBytesPerSecond = random.chance(oneIn: 4) ? 20_000 : nil
        configuration.retry.maximumAttempts = random.number(1...10)
        scheduler = CopyScheduler(configuration, at: .zero)
        for folder in ["a/", "b/", "c/", ""] {
            var start = 0
            for _ in 0..<random.number(0...8) {
                let end = start + random.number(0...60)
                let batch = TestBatch(folder, start..<end)
                let isOrdered = !random.chance(oneIn: 10)
                let keys = batch.keys.map { String(decoding: $0, as: UTF8.self) }
                unlisted.append(isOrdered ? batch : TestBatch(keys.shuffled(using: &random), after: nil))
                start = end
            }
        }
        self.random = random
    }

    mutating func run() {
        let all = unlisted.flatMap(\.keys).map { String(decoding: $0, as: UTF8.self) }
        for copier in 0..<concurrency { next(copier) }
        var isFinished = false
        while ended.count < concurrency, now < 3_600_000 {
            now += 1
            hotAllowed = min(20, hotAllowed + 0.1)
            if let batch = unlisted.last, waitingProducers.count < 4, random.chance(oneIn: 3) {
                unlisted.removeLast()
                put(batch)
            }
            if unlisted.isEmpty, waitingProducers.isEmpty, !isFinished {
                isFinished = true
                wake(scheduler.finish(at: time))
            }
            if isDiscarded, now == 300 {
                unlisted = []
                wake(
                    scheduler.discard(at: time) { [all] batch, index in
                        #expect(all.contains(String(decoding: batch.key(index), as: UTF8.self)))
                    }
                )
                isFinished = true
            }
            while let place = underWay.firstIndex(where: { $0.due <= now }) {
                let answer = underWay.remove(at: place)
                self.answer(answer.copier, answer.ticket)
            }
            if let tick = scheduler.nextTick, tick <= time { wake(scheduler.tick(at: time)) }
        }
        #expect(ended.count == concurrency && scheduler.isOver, "seed \(seed) never ends")
        #expect(ends.values.allSatisfy { $0 == 1 })
        if !isDiscarded { #expect(ends.count == all.count) }
    }

    private var time: Duration { .milliseconds(now) }

    private mutating func put(_ batch: TestBatch) {
        let producer = now
        let (put, wakes) = scheduler.put(batch, by: producer, at: time)
        if case .wait = put { waitingProducers.insert(producer) }
        wake(wakes)
    }

    private mutating func next(_ copier: Int) {
        let (next, wakes) = scheduler.next(for: copier, at: time)
        switch next {
        case .ticket(let ticket): send(ticket, copier)
        case .wait: idle.insert(copier)
        case .end: ended.insert(copier)
        }
        wake(wakes)
    }

    private mutating func wake(_ wakes: CopyScheduler.Wakes) {
        for (copier, ticket) in wakes.copiers {
            let wasIdle = idle.remove(copier) != nil
            #expect(wasIdle, "only who waits is woken")
            if let ticket { send(ticket, copier) } else { ended.insert(copier) }
        }
        for (producer, _) in wakes.producers {
            let wasWaiting = waitingProducers.remove(producer) != nil
            #expect(wasWaiting)
        }
    }

    private mutating func send(_ ticket: CopyScheduler.Ticket, _ copier: Int) {
        #expect(!underWay.contains { $0.ticket.batch == ticket.batch && $0.ticket.index == ticket.index })
        underWay.append((now + random.number(5...40), copier, ticket))
        #expect(underWay.count <= concurrency)
    }

    private mutating func answer(_ copier: Int, _ ticket: CopyScheduler.Ticket) {
        guard let batch = scheduler.batch(ticket.batch) else {
            Issue.record("a batch with an object under way is gone")
            return
        }
        let key = String(decoding: batch.key(ticket.index), as: UTF8.self)
        var isOver = true
        if key.hasPrefix(hot), hotAllowed < 1 {
            isOver = scheduler.failed(ticket, .throttled, at: time, using: &random) != .again
        } else if random.chance(oneIn: 20) {
            let isTimeout = random.chance(oneIn: 3)
            isOver = scheduler.failed(ticket, .transient, isTimeout: isTimeout, at: time, using: &random) != .again
        } else {
            if key.hasPrefix(hot) { hotAllowed -= 1 }
            scheduler.finished(ticket, random.chance(oneIn: 10) ? .unsent : .answered, at: time)
        }
        if isOver { ends[key, default: 0] += 1 }
        next(copier)
    }
}
