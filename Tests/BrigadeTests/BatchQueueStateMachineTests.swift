import TestSupport
import Testing

@testable import Brigade

@Suite("The bookkeeping of the batch queue")
struct BatchQueueStateMachineTests {
    private typealias Machine = BatchQueueStateMachine<[Int], String, String>

    /// What a put or a take came to, in a form that compares.
    private enum Outcome: Equatable {
        case accepted([String: Int])
        case refused
        case waits
        case element(Int, wakes: String? = nil)
        case empty
        case end
    }

    private func put(_ batch: [Int], by producer: String, _ machine: inout Machine) -> Outcome {
        switch machine.put(batch, by: producer) {
        case .accepted(let deliveries):
            .accepted(Dictionary(uniqueKeysWithValues: deliveries.map { ($0.consumer, $0.element) }))
        case .wait: .waits
        case .refused: .refused
        }
    }

    private func take(_ machine: inout Machine) -> Outcome {
        switch machine.take() {
        case .element(let element, let producer): .element(element, wakes: producer)
        case .end: .end
        case .empty: .empty
        }
    }

    @Test("elements leave one by one in the order of their batches")
    func order() {
        var machine = Machine(capacity: 2)
        #expect(take(&machine) == .empty)
        #expect(put([1, 2], by: "p", &machine) == .accepted([:]))
        #expect(put([3], by: "p", &machine) == .accepted([:]))
        #expect(take(&machine) == .element(1))
        #expect(take(&machine) == .element(2))
        #expect(take(&machine) == .element(3))
        #expect(take(&machine) == .empty)
    }

    @Test("a full queue makes producers wait, and room for one wakes the one who waited longest")
    func backPressure() {
        var machine = Machine(capacity: 1)
        #expect(put([1, 2], by: "p", &machine) == .accepted([:]))
        #expect(put([3], by: "q", &machine) == .waits)
        #expect(put([4], by: "r", &machine) == .waits)
        #expect(take(&machine) == .element(1), "a batch that is partly taken still has its place")
        #expect(take(&machine) == .element(2, wakes: "q"))
        #expect(take(&machine) == .element(3, wakes: "r"))
        #expect(take(&machine) == .element(4))
        #expect(take(&machine) == .empty)
    }

    @Test("those who wait for elements get the next ones, in their order")
    func waitingConsumers() {
        var machine = Machine(capacity: 1)
        for consumer in ["a", "b", "c"] {
            #expect(take(&machine) == .empty)
            machine.wait(consumer)
        }
        #expect(put([1, 2], by: "p", &machine) == .accepted(["a": 1, "b": 2]))
        #expect(put([3, 4], by: "p", &machine) == .accepted(["c": 3]))
        #expect(take(&machine) == .element(4))
    }

    @Test("an empty batch changes nothing, and takes no room")
    func emptyBatch() {
        var machine = Machine(capacity: 1)
        machine.wait("a")
        #expect(put([], by: "p", &machine) == .accepted([:]))
        #expect(put([1, 2], by: "p", &machine) == .accepted(["a": 1]))
        #expect(put([], by: "p", &machine) == .accepted([:]))
        #expect(take(&machine) == .element(2))
    }

    @Test("the end comes after the last element, and wakes those who wait for one")
    func finish() {
        var machine = Machine(capacity: 2)
        #expect(put([1], by: "p", &machine) == .accepted([:]))
        #expect(machine.finish() == [])
        #expect(put([2], by: "p", &machine) == .refused)
        #expect(take(&machine) == .element(1))
        #expect(take(&machine) == .end)

        var other = Machine(capacity: 2)
        other.wait("a")
        other.wait("b")
        #expect(other.finish() == ["a", "b"])
        #expect(take(&other) == .end)
    }

    @Test("what is discarded is handed back, without what had been taken")
    func discard() {
        var machine = Machine(capacity: 1)
        #expect(put([1, 2, 3], by: "p", &machine) == .accepted([:]))
        #expect(put([4, 5], by: "q", &machine) == .waits)
        #expect(take(&machine) == .element(1))
        let (discarded, consumers, producers) = machine.discard()
        #expect(discarded == [2, 3, 4, 5])
        #expect(consumers == [])
        #expect(producers == ["q"])
        #expect(put([6], by: "p", &machine) == .refused)
        #expect(take(&machine) == .end)
        #expect(machine.discard().discarded == [])
    }

    /// The model: every element put in is in exactly one place, and leaves in its order.
    @Test("random operations lose nothing, repeat nothing and keep the bound", arguments: UInt64(1)...20)
    func model(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let capacity = random.number(1...4)
        var machine = BatchQueueStateMachine<[Int], Int, Int>(capacity: capacity)
        var nextElement = 0
        var expected = 0
        var waitingConsumers: [Int] = []
        var waitingProducers: [(producer: Int, last: Int)] = []
        var lastAccepted = -1

        for step in 0..<5_000 {
            let note: Comment = "seed \(seed), step \(step)"
            switch random.number(0...2) {
            case 0 where waitingProducers.count < 3:
                let batch = Array(nextElement..<(nextElement + random.number(0...4)))
                nextElement += batch.count
                switch machine.put(batch, by: step) {
                case .wait: waitingProducers.append((step, nextElement - 1))
                case .refused: Issue.record(note)
                case .accepted(let deliveries):
                    #expect(waitingProducers.isEmpty || batch.isEmpty, note)
                    if !batch.isEmpty { lastAccepted = nextElement - 1 }
                    for delivery in deliveries {
                        #expect(delivery.element == expected, note)
                        #expect(delivery.consumer == waitingConsumers.removeFirst(), note)
                        expected += 1
                    }
                }
            default:
                switch machine.take() {
                case .element(let element, let producer):
                    #expect(element == expected, note)
                    #expect(waitingConsumers.isEmpty, "one who waited longer was passed over; \(note)")
                    expected += 1
                    if let producer {
                        let next = waitingProducers.removeFirst()
                        #expect(producer == next.producer, note)
                        lastAccepted = next.last
                    }
                case .empty:
                    #expect(expected == nextElement, note)
                    if waitingConsumers.count < 3 {
                        machine.wait(step)
                        waitingConsumers.append(step)
                    }
                case .end: Issue.record(note)
                }
            }
            // A batch has 4 elements at most, and only whole batches wait.
            #expect(lastAccepted + 1 - expected <= capacity * 4, note)
        }
        let (discarded, consumers, producers) = machine.discard()
        #expect(discarded == Array(expected..<nextElement), "seed \(seed)")
        #expect(consumers == waitingConsumers, "seed \(seed)")
        #expect(producers == waitingProducers.map(\.producer), "seed \(seed)")
    }
}
