private import Synchronization

/// The counters of a listing, kept by many fetchers at once.
final class ListTally: Sendable {
    private let state = Mutex(ListCounters())

    /// What was counted so far.
    var counters: ListCounters { state.withLock { $0 } }

    /// A page is asked for.
    func countRequest() {
        state.withLock { $0.requests += 1 }
    }

    /// A page arrived.
    func countPage() {
        state.withLock { $0.pages += 1 }
    }

    /// A page brought objects beyond its range.
    func countBeyond(_ objects: Int) {
        guard objects > 0 else { return }
        state.withLock { $0.objectsBeyond += objects }
    }

    /// Objects were left out, since their keys had just come.
    func countRepeated(_ objects: Int) {
        state.withLock { $0.objectsRepeated += objects }
    }

    /// A batch goes to the receiver.
    func count(_ batch: ListedBatch) {
        state.withLock { $0.count(batch) }
    }
}
