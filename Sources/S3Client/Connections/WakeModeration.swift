internal import NIOCore

/// Decides how long an event loop stays away from its sockets, so that it finds several answers when it looks again.
///
/// With hundreds of requests under way and a server slower than this client, answers come one by one, and each wakes the
/// thread for itself: a switch of threads, an `epoll_wait` and cold caches for each of them, a third of what a copy
/// costs. Network cards have the same trouble with packets and the same remedy, interrupt moderation: no two wake-ups
/// nearer to each other than a time that is short beside all else that a packet, here an answer, has to wait for.
struct WakeModeration {
    /// With fewer requests under way there is little to gather.
    static let fewestInFlight = 32
    /// Wake-ups are a fiftieth of the latency apart, so that an answer waits for a hundredth of it on average.
    static let partOfLatency: Int64 = 50
    /// Wake-ups are never further apart than this, however long the server takes.
    static let longestInterval = TimeAmount.microseconds(500)
    /// The kernel wakes a thread up to 50 µs late (prctl(2), PR_SET_TIMERSLACK), so that less cannot be slept.
    static let shortestPause = TimeAmount.microseconds(50)
    /// How much of the smoothed latency each answer makes up, one part in this many.
    private static let smoothing: Int64 = 16

    private var latency = TimeAmount.zero
    private var lastLook = NIODeadline.distantPast
    private var hasAnswers = false

    /// An answer has come.
    ///
    /// - Parameter latency: How long it took, from the request on.
    /// - Returns: Whether it is the first since the event loop looked: ``pause(inFlight:at:)`` is to be asked when all
    ///   that came with it is dealt with.
    mutating func answered(after latency: TimeAmount) -> Bool {
        if self.latency == .zero {
            self.latency = latency
        } else {
            self.latency = self.latency + .nanoseconds((latency - self.latency).nanoseconds / Self.smoothing)
        }
        defer { hasAnswers = true }
        return !hasAnswers
    }

    /// The answers that had come are dealt with, and the event loop is about to look for more.
    ///
    /// - Parameters:
    ///   - inFlight: How many requests have no answer yet.
    ///   - now: The time.
    /// - Returns: How long to stay away first, if at all; ``looks(at:)`` is to be told when that is over.
    mutating func pause(inFlight: Int, at now: NIODeadline) -> TimeAmount? {
        hasAnswers = false
        let interval = min(.nanoseconds(latency.nanoseconds / Self.partOfLatency), Self.longestInterval)
        let pause = interval - (now - lastLook)
        lastLook = now
        return inFlight >= Self.fewestInFlight && pause >= Self.shortestPause ? pause : nil
    }

    /// The pause is over.
    mutating func looks(at now: NIODeadline) {
        lastLook = now
    }
}
