import Testing

@testable import Brigade

@Suite("The batch queue between tasks", .timeLimit(.minutes(5)))
struct BatchQueueTests {
    @Test("every element reaches exactly one of many consumers", arguments: [1, 3, 16])
    func everyElementOnce(capacity: Int) async {
        let queue = BatchQueue<[Int]>(capacity: capacity)
        let batches = 200
        let size = 25
        let taken = await withTaskGroup(of: [Int].self) { group in
            for _ in 0..<50 {
                group.addTask {
                    var mine: [Int] = []
                    while let element = await queue.take() {
                        mine.append(element)
                        if element % 7 == 0 { await Task.yield() }
                    }
                    return mine
                }
            }
            for batch in 0..<batches {
                #expect(await queue.put(Array((batch * size)..<((batch + 1) * size))))
            }
            queue.finish()
            return await group.reduce(into: []) { $0 += $1 }
        }
        #expect(taken.sorted() == Array(0..<(batches * size)))
    }

    @Test("a producer goes on only as far as there is room")
    func bounded() async {
        let queue = BatchQueue<[Int]>(capacity: 2)
        #expect(await queue.put([1]))
        #expect(await queue.put([2]))
        await withTaskGroup(of: Bool.self) { group in
            group.addTask { await queue.put([3]) }
            #expect(await queue.take() == 1)
            #expect(await group.next() == true)
        }
        #expect(queue.discard() == [2, 3])
    }

    @Test("discarding frees whoever waits, and accounts for every element")
    func discard() async {
        let queue = BatchQueue<[Int]>(capacity: 2)
        let total = 1_000
        var taken: [Int] = []
        var discarded: [Int] = []
        var refused: [Int] = []
        await withTaskGroup(of: [Int].self) { group in
            group.addTask {
                var refused: [Int] = []
                for start in stride(from: 0, to: total, by: 10) {
                    let batch = Array(start..<(start + 10))
                    if await !queue.put(batch) { refused += batch }
                }
                return refused
            }
            while taken.count < 105, let element = await queue.take() { taken.append(element) }
            discarded = queue.discard()
            #expect(await queue.take() == nil)
            refused = await group.next() ?? []
        }
        #expect(taken.count == 105)
        #expect(!refused.isEmpty)
        #expect(taken + discarded + refused == Array(0..<total))
    }

    @Test("consumers who wait are told of the end")
    func end() async {
        let queue = BatchQueue<[Int]>(capacity: 1)
        await withTaskGroup(of: Int?.self) { group in
            for _ in 0..<20 { group.addTask { await queue.take() } }
            queue.finish()
            for await element in group { #expect(element == nil) }
        }
        #expect(await queue.put([1]) == false)
    }
}
