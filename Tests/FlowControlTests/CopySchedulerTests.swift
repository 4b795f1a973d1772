import TestSupport
import Testing

@testable import FlowControl

@Suite("the scheduler of copies")
struct CopySchedulerTests {
    private func scheduler(_ change: (inout CopyScheduler.Configuration) -> Void = { _ in }) -> CopyScheduler {
        var configuration = CopyScheduler.Configuration()
        configuration.concurrency = 4
        configuration.batchesAhead = 2
        change(&configuration)
        return CopyScheduler(configuration, at: .zero)
    }

    private func key(_ ticket: CopyScheduler.Ticket, _ scheduler: CopyScheduler) -> String {
        guard let batch = scheduler.batch(ticket.batch) else { return "-" }
        return String(decoding: batch.key(ticket.index), as: UTF8.self)
    }

    /// The next object for a copier; `nil` if it waits or there is none.
    private func take(
        _ scheduler: inout CopyScheduler,
        by copier: Int = 0,
        at now: Duration = .zero
    ) -> CopyScheduler.Ticket? {
        if case .ticket(let ticket) = scheduler.next(for: copier, at: now).0 { ticket } else { nil }
    }

    private func put(_ keys: [String], by producer: Int = 0, _ scheduler: inout CopyScheduler) -> Bool? {
        switch scheduler.put(TestBatch(keys), by: producer, at: .zero).0 {
        case .accepted: true
        case .refused: false
        case .wait: nil
        }
    }

    private func fail(
        _ ticket: CopyScheduler.Ticket,
        _ failure: RetryPolicy.Failure,
        at now: Duration,
        _ scheduler: inout CopyScheduler
    ) -> CopyScheduler.Disposition {
        var random = SeededGenerator(seed: 1)
        return scheduler.failed(ticket, failure, at: now, using: &random)
    }

    @Test("batches are served in turn, an object of each")
    func turns() throws {
        var scheduler = scheduler()
        #expect(put(["a", "b", "c"], &scheduler) == true)
        #expect(put(["x", "y"], &scheduler) == true)
        var keys: [String] = []
        for _ in 0..<4 { keys.append(key(try #require(take(&scheduler)), scheduler)) }
        #expect(keys == ["a", "x", "b", "y"])
    }

    @Test("no more are handed out than may be under way, and whoever waits is woken by one that is done")
    func concurrency() throws {
        var scheduler = scheduler { $0.concurrency = 2 }
        _ = put(["a", "b", "c"], &scheduler)
        let first = try #require(take(&scheduler, by: 0))
        _ = try #require(take(&scheduler, by: 1))
        #expect(take(&scheduler, by: 2) == nil)
        scheduler.finished(first, .answered, at: .seconds(1))
        let wakes = scheduler.tick(at: .seconds(1))
        #expect(wakes.copiers.map(\.copier) == [2])
        #expect(scheduler.figures(at: .seconds(1)).highestConcurrency == 2)
    }

    @Test("a full queue makes producers wait, and the first to have room for is let in")
    func backPressure() throws {
        var scheduler = scheduler()
        #expect(put(["a"], by: 0, &scheduler) == true)
        #expect(put(["b"], by: 1, &scheduler) == true)
        #expect(put(["c"], by: 2, &scheduler) == nil)
        #expect(put(["d"], by: 3, &scheduler) == nil)
        let (_, wakes) = scheduler.next(for: 0, at: .zero)
        #expect(wakes.producers.map(\.producer) == [2])
        #expect(wakes.producers.allSatisfy { $0.batch != nil })
    }

    @Test("an empty batch takes no room")
    func emptyBatch() {
        var scheduler = scheduler { $0.batchesAhead = 1 }
        for producer in 0..<10 { #expect(put([], by: producer, &scheduler) == true) }
        #expect(put(["a"], &scheduler) == true)
    }

    @Test("the end comes when all are done with, not when all are handed out")
    func end() throws {
        var scheduler = scheduler()
        _ = put(["a"], &scheduler)
        let only = try #require(take(&scheduler, by: 0))
        let atFinish = scheduler.finish(at: .zero)
        #expect(atFinish.copiers.isEmpty)
        let second = scheduler.next(for: 1, at: .zero).0
        guard case .wait = second else {
            Issue.record("the one that is under way may fail and come again")
            return
        }
        scheduler.finished(only, .answered, at: .seconds(1))
        let (next, wakes) = scheduler.next(for: 0, at: .seconds(1))
        guard case .end = next else {
            Issue.record("nothing is left")
            return
        }
        #expect(wakes.copiers.map(\.copier) == [1] && wakes.copiers.allSatisfy { $0.ticket == nil })
        #expect(scheduler.isOver)
    }

    @Test("an object that failed comes again after its wait, and is counted; in the end it has failed for good")
    func again() throws {
        var scheduler = scheduler {
            $0.retry.maximumAttempts = 3
            $0.retry.transientDelay = .seconds(1)
        }
        _ = put(["a", "b"], &scheduler)
        var ticket = try #require(take(&scheduler, by: 0))
        #expect(fail(ticket, .transient, at: .zero, &scheduler) == .again)
        let other = try #require(take(&scheduler, by: 0))
        #expect(key(other, scheduler) == "b", "nobody waits with it")
        scheduler.finished(other, .answered, at: .zero)
        for attempt in 2...3 {
            #expect(take(&scheduler, by: 0) == nil)
            let due = try #require(scheduler.nextTick)
            let wakes = scheduler.tick(at: due)
            ticket = try #require(wakes.copiers.first?.ticket)
            #expect(ticket.attempt == attempt && key(ticket, scheduler) == "a")
            if attempt == 2 { #expect(fail(ticket, .transient, at: due, &scheduler) == .again) }
        }
        #expect(fail(ticket, .transient, at: .seconds(9), &scheduler) == .giveUp)
        #expect(scheduler.figures(at: .zero).repeated == 2)
        _ = scheduler.finish(at: .seconds(9))
        #expect(scheduler.isOver)
    }

    @Test("what is discarded is told, but for what is under way; what of that fails then is dropped")
    func discard() throws {
        var scheduler = scheduler { $0.batchesAhead = 1 }
        _ = put(["a", "b", "c", "d"], &scheduler)
        #expect(put(["x"], by: 1, &scheduler) == nil)
        let first = try #require(take(&scheduler, by: 0))
        let second = try #require(take(&scheduler, by: 0))
        #expect(fail(first, .transient, at: .zero, &scheduler) == .again)
        var dropped: [String] = []
        let wakes = scheduler.discard(at: .zero) { batch, index in
            dropped.append(String(decoding: batch.key(index), as: UTF8.self))
        }
        #expect(dropped.sorted() == ["a", "c", "d"])
        #expect(wakes.producers.map(\.producer) == [1] && wakes.producers.allSatisfy { $0.batch == nil })
        #expect(put(["y"], &scheduler) == false)
        #expect(fail(second, .transient, at: .zero, &scheduler) == .dropped)
        #expect(scheduler.isOver)
    }

    @Test("bytes that are not paid for hold everything up, for as long as it takes")
    func bytes() throws {
        var scheduler = scheduler { $0.maximumBytesPerSecond = 2 }
        _ = put(["a", "b", "c", "d"], &scheduler)
        // Sizes are 0, 1, 2 and 3.
        for _ in 0..<2 { #expect(take(&scheduler, by: 0) != nil) }
        #expect(take(&scheduler, by: 0) == nil)
        #expect(scheduler.nextTick == .milliseconds(500))
        let paid = scheduler.tick(at: .milliseconds(500))
        #expect(paid.copiers.count == 1)
        #expect(take(&scheduler, by: 0, at: .seconds(1)) == nil)
        #expect(scheduler.nextTick == .milliseconds(1500))
        #expect(scheduler.figures(at: .milliseconds(1500)).timeAtCeiling == .seconds(1))
    }

    @Test("bytes that were begun and then not asked for are not paid for")
    func unsentBytes() {
        var scheduler = scheduler { $0.maximumBytesPerSecond = 1 }
        _ = put(["a", "b", "c", "d"], &scheduler)
        // Sizes are 0, 1, 2 and 3.
        _ = take(&scheduler, by: 0)
        guard let second = take(&scheduler, by: 0) else { return #expect(Bool(false), "it may go") }
        #expect(take(&scheduler, by: 0) == nil)
        scheduler.finished(second, .unsent, at: .zero)
        let wakes = scheduler.tick(at: .zero)
        #expect(wakes.copiers.map { $0.ticket?.index } == [2])
        guard case (_, let third?)? = wakes.copiers.first else { return }
        scheduler.finished(third, .answered, at: .zero)
        #expect(take(&scheduler, by: 1) == nil)
        #expect(scheduler.nextTick == .seconds(2))
    }

    @Test("while as many wait aside as may be under way, none is begun that was not tried")
    func outage() {
        var scheduler = scheduler {
            $0.concurrency = 64
            $0.retry.transientDelay = .seconds(3600)
        }
        for number in 0..<2 {
            _ = scheduler.put(TestBatch("\(number)/", 0..<1000), by: 0, at: .zero)
        }
        var tried = 0
        while let ticket = take(&scheduler, at: .zero) {
            tried += 1
            #expect(fail(ticket, .transient, at: .zero, &scheduler) == .again)
        }
        #expect(tried == 64)
    }

    @Test("a throttled folder is paced by itself: what is beside it goes on, and whoever lists it waits")
    func lanes() throws {
        var scheduler = scheduler {
            $0.concurrency = 1000
            $0.adaptsConcurrency = false
        }
        _ = scheduler.put(TestBatch("cold/", 0..<100), by: 0, at: .zero)
        _ = scheduler.put(TestBatch("hot/", 0..<100), by: 1, at: .zero)
        var isTaught = false
        var taken: [String: Int] = [:]
        while let ticket = take(&scheduler, at: .zero) {
            let folder = String(key(ticket, scheduler).prefix { $0 != "/" })
            taken[folder, default: 0] += 1
            if folder == "hot", !isTaught {
                isTaught = true
                #expect(fail(ticket, .throttled, at: .zero, &scheduler) == .again)
            }
        }
        #expect(taken == ["cold": 100, "hot": 2], "one taught it, and one has leave")
        // What goes on where it was throttled is taken to be throttled as well, up to a bound.
        var accepted = 0
        for part in 1...10 {
            let put = scheduler.put(TestBatch("hot/", part * 100..<(part + 1) * 100), by: part, at: .zero).0
            if case .accepted = put { accepted += 1 }
        }
        #expect(accepted == CopyScheduler.piecesInLane - 1)
        guard case .accepted = scheduler.put(TestBatch("warm/", 0..<10), by: 20, at: .zero).0 else {
            Issue.record("what is not throttled has room")
            return
        }
        // At the lowest rate, 5 a second.
        var paced = 0
        for tenth in 1...20 {
            let now = Duration.milliseconds(100 * tenth)
            while let ticket = take(&scheduler, at: now) {
                if key(ticket, scheduler).hasPrefix("hot") { paced += 1 }
            }
        }
        #expect((8...13).contains(paced))
    }

    @Test("keys in no order are paced as well")
    func unordered() throws {
        var scheduler = scheduler { $0.concurrency = 100 }
        _ = scheduler.put(TestBatch(["c", "a", "d", "b"], after: nil), by: 0, at: .zero)
        let first = try #require(take(&scheduler))
        #expect(fail(first, .throttled, at: .zero, &scheduler) == .again)
        #expect(take(&scheduler) != nil, "one has leave")
        #expect(take(&scheduler) == nil)
        #expect(scheduler.nextTick != nil)
    }

    @Test("whatever happens, every object ends once, and no more are under way than may be", arguments: UInt64(1)...30)
    func model(seed: UInt64) {
        var model = SchedulerModel(seed: seed)
        model.run()
    }
}
