internal import DequeModule

/// The bookkeeping of a bounded queue into which batches are put and from which elements are taken one by one, by any
/// number of producers and consumers.
///
/// Elements leave in the order in which their batches came. Producers wait while the queue is full, consumers while it
/// is empty; those who waited longest are served first.
struct BatchQueueStateMachine<Batch: RandomAccessCollection, Consumer, Producer> where Batch.Index == Int {
    /// What to do about a batch that was put in.
    enum PutAction {
        /// It is in; these consumers, who waited, get its first elements.
        case accepted([(consumer: Consumer, element: Batch.Element)])
        /// It is in as soon as there is room; the producer is woken then.
        case wait
        /// The queue takes nothing more.
        case refused
    }

    /// What there is to take.
    enum TakeAction {
        /// An element. This producer's batch found room by it, and the producer is to be woken.
        case element(Batch.Element, wake: Producer?)
        /// There will be none any more.
        case end
        /// There is none yet; ``wait(_:)`` queues the consumer.
        case empty
    }

    private let capacity: Int
    private var batches: Deque<Batch> = []
    private var offset = 0
    private var consumers: Deque<Consumer> = []
    private var producers: Deque<(producer: Producer, batch: Batch)> = []
    private var isFinished = false

    /// Creates an empty queue.
    ///
    /// - Parameter capacity: How many batches it holds, at least 1; one that is partly taken counts.
    init(capacity: Int) {
        precondition(capacity >= 1, "a queue has room for a batch")
        self.capacity = capacity
    }

    /// A producer puts a batch in.
    mutating func put(_ batch: Batch, by producer: Producer) -> PutAction {
        guard !isFinished else { return .refused }
        guard !batch.isEmpty else { return .accepted([]) }
        guard batches.count < capacity else {
            producers.append((producer, batch))
            return .wait
        }
        batches.append(batch)
        var deliveries: [(consumer: Consumer, element: Batch.Element)] = []
        while !consumers.isEmpty, let element = popElement() {
            deliveries.append((consumers.removeFirst(), element))
        }
        return .accepted(deliveries)
    }

    /// A consumer wants an element.
    mutating func take() -> TakeAction {
        guard let element = popElement() else { return isFinished ? .end : .empty }
        guard batches.count < capacity, !producers.isEmpty else { return .element(element, wake: nil) }
        let (producer, batch) = producers.removeFirst()
        batches.append(batch)
        return .element(element, wake: producer)
    }

    /// A consumer, to whom ``take()`` said that the queue is empty, waits.
    mutating func wait(_ consumer: Consumer) {
        consumers.append(consumer)
    }

    /// No more batches will come; what is queued is still given out.
    ///
    /// - Returns: The consumers who wait in vain. A producer must not be waiting.
    mutating func finish() -> [Consumer] {
        precondition(producers.isEmpty, "a producer still waits to put its batch in")
        isFinished = true
        defer { consumers = [] }
        return Array(consumers)
    }

    /// What is queued is thrown away, and nothing more is taken in.
    ///
    /// - Returns: The elements thrown away, those of waiting producers included, and who waits in vain.
    mutating func discard() -> (discarded: [Batch.Element], consumers: [Consumer], producers: [Producer]) {
        let discarded = (batches + producers.map(\.batch)).flatMap { $0 }.dropFirst(offset)
        let waitingProducers = producers.map(\.producer)
        batches = []
        offset = 0
        producers = []
        return (Array(discarded), finish(), waitingProducers)
    }

    private mutating func popElement() -> Batch.Element? {
        guard let batch = batches.first else { return nil }
        let element = batch[batch.startIndex + offset]
        offset += 1
        if offset == batch.count {
            batches.removeFirst()
            offset = 0
        }
        return element
    }
}
