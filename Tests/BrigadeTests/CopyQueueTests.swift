import FlowControl
import S3Protocol
import Synchronization
import Testing

@testable import Brigade

@Suite("the queue of copies")
struct CopyQueueTests {
    private func queue(_ change: (inout CopyScheduler.Configuration) -> Void = { _ in }) -> CopyQueue {
        var configuration = CopyScheduler.Configuration()
        configuration.concurrency = 8
        configuration.batchesAhead = 2
        configuration.retry.transientDelay = .milliseconds(2)
        configuration.retry.throttledDelay = .milliseconds(2)
        change(&configuration)
        return CopyQueue(configuration)
    }

    private func batch(_ keys: [String]) throws -> CopyBatch {
        CopyBatch(untracked: ListedBatch(try TestPages.page(keys)[...], covering: nil))
    }

    /// Counts by name, from many tasks.
    private final class Tally: Sendable {
        private let state = Mutex<[String: Int]>([:])

        var counts: [String: Int] { state.withLock { $0 } }

        func add(_ name: String) {
            state.withLock { $0[name, default: 0] += 1 }
        }
    }

    @Test("every object reaches a copier, and comes again until it is done with", arguments: [1, 8])
    func everything(concurrency: Int) async throws {
        let queue = queue { $0.concurrency = concurrency }
        let pages = try (0..<30).map { page in try batch((0..<20).map { "\(page)/\($0)" }) }
        let done = Tally()
        await withTaskGroup { group in
            for copier in 0..<concurrency {
                group.addTask {
                    while let turn = await queue.next(for: copier) {
                        await Task.yield()
                        let key = turn.item.object.key.description
                        if turn.attempt < 3, turn.item.index % 5 == 0 {
                            let kind: RetryPolicy.Failure = turn.item.index % 2 == 0 ? .transient : .throttled
                            #expect(queue.failed(turn, kind, isTimeout: false) == .again)
                        } else {
                            queue.finished(turn, isAnswered: true)
                            done.add(key)
                        }
                    }
                }
            }
            group.addTask { await queue.keepTime() }
            for page in pages { #expect(await queue.put(page)) }
            queue.finish()
        }
        let counts = done.counts
        #expect(counts.count == 600 && counts.values.allSatisfy { $0 == 1 })
        #expect(queue.figures.repeated == 30 * 4 * 2)
    }

    @Test("a producer waits for room, and is refused when the queue is discarded")
    func discard() async throws {
        let queue = queue { $0.batchesAhead = 1 }
        #expect(await queue.put(try batch(["a", "b"])))
        let other = try batch(["c"])
        await withTaskGroup { group in
            group.addTask { #expect(await queue.put(other) == false) }
            try? await Task.sleep(for: .milliseconds(20))
            #expect(queue.discard().map(\.object.key.description) == ["a", "b"])
        }
        #expect(await queue.next(for: 0) == nil)
        #expect(await queue.put(other) == false)
    }

    @Test("copiers who wait get what comes, and the end")
    func waiting() async throws {
        let queue = queue()
        let page = try batch(["a", "b", "c"])
        let taken = Tally()
        await withTaskGroup { group in
            for copier in 0..<8 {
                group.addTask {
                    while let turn = await queue.next(for: copier) {
                        taken.add(turn.item.object.key.description)
                        queue.finished(turn, isAnswered: false)
                    }
                }
            }
            try? await Task.sleep(for: .milliseconds(20))
            #expect(await queue.put(page))
            queue.finish()
        }
        #expect(taken.counts == ["a": 1, "b": 1, "c": 1])
    }
}
