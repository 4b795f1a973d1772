private import Synchronization

/// Whether copies are made on the condition that the source is as it was listed, which not every server understands.
///
/// The first server's refusal is found out by sending the same copy without the condition; from then on none is sent,
/// and a change is noticed by the ETag of the copy alone.
final class SourceConditions: Sendable {
    private let isRefused = Atomic(false)
    private let onRefusal: @Sendable () -> Void

    /// Begins with conditions in use; `onRefusal` is called once, when they turn out not to be understood.
    init(onRefusal: @escaping @Sendable () -> Void) {
        self.onRefusal = onRefusal
    }

    /// Whether conditions are to be sent.
    var areInUse: Bool { !isRefused.load(ordering: .relaxed) }

    /// Takes note that a copy which was refused with a condition was made without.
    func noteRefusal() {
        if !isRefused.exchange(true, ordering: .relaxed) { onRefusal() }
    }
}
