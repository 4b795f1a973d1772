private import Synchronization

/// Tells the first of several calls from those that come right after it, and from later ones.
final class FirstTime: Sendable {
    /// Which call it is.
    enum Call {
        case first
        /// Within a second of the first.
        case soonAfter
        case later
    }

    private let firstCall = Mutex<ContinuousClock.Instant?>(nil)

    /// Which call this is.
    func next() -> Call {
        let now = ContinuousClock.now
        return firstCall.withLock { firstCall in
            guard let first = firstCall else {
                firstCall = now
                return .first
            }
            return now - first < .seconds(1) ? .soonAfter : .later
        }
    }
}
