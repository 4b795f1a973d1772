private import Synchronization

/// Something that happens once, whoever comes first.
final class FirstTime: Sendable {
    private let isTaken = Atomic(false)

    /// Whether this is the first call.
    func take() -> Bool {
        !isTaken.exchange(true, ordering: .relaxed)
    }
}
