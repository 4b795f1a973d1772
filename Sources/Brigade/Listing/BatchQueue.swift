private import Synchronization

/// A bounded queue of batches whose elements are taken one by one: the shell around ``BatchQueueStateMachine``.
final class BatchQueue<Batch: RandomAccessCollection & Sendable>: Sendable
where Batch.Index == Int, Batch.Element: Sendable {
    private typealias Consumer = CheckedContinuation<Batch.Element?, Never>
    private typealias Producer = CheckedContinuation<Bool, Never>
    private typealias Machine = BatchQueueStateMachine<Batch, Consumer, Producer>

    private let machine: Mutex<Machine>

    /// Creates an empty queue of room for `capacity` batches.
    init(capacity: Int) {
        machine = Mutex(Machine(capacity: capacity))
    }

    /// Puts a batch in, once there is room.
    ///
    /// - Returns: Whether it was taken: false once the queue was discarded.
    func put(_ batch: Batch) async -> Bool {
        await withCheckedContinuation { (producer: Producer) in
            switch machine.withLock({ $0.put(batch, by: producer) }) {
            case .wait: break
            case .refused: producer.resume(returning: false)
            case .accepted(let deliveries):
                for (consumer, element) in deliveries { consumer.resume(returning: element) }
                producer.resume(returning: true)
            }
        }
    }

    /// Takes the next element, once there is one; `nil` at the end.
    func take() async -> Batch.Element? {
        // Mostly there is one, and then nobody is suspended.
        switch machine.withLock({ $0.take() }) {
        case .element(let element, let producer):
            producer?.resume(returning: true)
            return element
        case .end: return nil
        case .empty: break
        }
        return await withCheckedContinuation { (consumer: Consumer) in
            let action = machine.withLock { machine in
                let action = machine.take()
                if case .empty = action { machine.wait(consumer) }
                return action
            }
            switch action {
            case .empty: break
            case .end: consumer.resume(returning: nil)
            case .element(let element, let producer):
                producer?.resume(returning: true)
                consumer.resume(returning: element)
            }
        }
    }

    /// No more batches will come; what is queued is still given out.
    func finish() {
        for consumer in machine.withLock({ $0.finish() }) { consumer.resume(returning: nil) }
    }

    /// Throws away what is queued and takes nothing more in.
    ///
    /// - Returns: What was thrown away, so that it can be accounted for.
    func discard() -> [Batch.Element] {
        let (discarded, consumers, producers) = machine.withLock { $0.discard() }
        for consumer in consumers { consumer.resume(returning: nil) }
        for producer in producers { producer.resume(returning: true) }
        return discarded
    }
}
