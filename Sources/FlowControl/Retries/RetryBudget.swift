/// Keeps repetitions from multiplying the load on a service that is failing: a token bucket that failures empty and
/// successes fill.
///
/// It is the retry quota of the AWS SDKs' standard mode (AWS SDKs and Tools Reference Guide, "Retry behavior"), with its
/// figures: 500 tokens, 5 for a repetition, 10 for one after a timeout, 1 back for a success, and 5 back for one that is
/// a repetition. There, a request that finds the bucket empty fails. Here it waits: tokens also come back with time, so
/// that every object gets its attempts, however long an outage lasts, and a service that is back is soon used in full.
/// Repetitions after throttling take no tokens, since ``AdaptiveRate`` paces those.
public struct RetryBudget: Sendable {
    /// Tokens when full, as at the beginning: 100 repetitions.
    static let capacity = 500.0
    /// Tokens that come back each second, whatever happens: 10 repetitions a second.
    static let perSecond = 50.0
    /// Tokens that a repetition takes.
    static let cost = 5.0
    /// Tokens that a repetition takes after a timeout, which held a connection for long.
    static let costAfterTimeout = 10.0
    /// Tokens that a success brings back, so that repetitions go on at a fifth of the rate of successes.
    static let perSuccess = 1.0

    private var tokens = capacity
    private var counted = Duration.zero

    /// A full budget.
    ///
    /// - Parameter now: The time since any fixed moment, as in every later call.
    public init(at now: Duration = .zero) {
        counted = now
    }

    /// A request has succeeded.
    public mutating func succeeded(isRepetition: Bool) {
        tokens = min(Self.capacity, tokens + (isRepetition ? Self.cost : Self.perSuccess))
    }

    /// Takes what a repetition costs, if it is there.
    ///
    /// - Returns: `nil` if the request may be sent again now; otherwise when to ask again at the latest.
    public mutating func take(afterTimeout: Bool = false, at now: Duration) -> Duration? {
        if tokens < Self.capacity, now > counted {
            tokens = min(Self.capacity, tokens + Self.perSecond * ((now - counted) / .seconds(1)))
        }
        counted = max(counted, now)
        let cost = afterTimeout ? Self.costAfterTimeout : Self.cost
        guard tokens < cost else {
            tokens -= cost
            return nil
        }
        return now + .seconds((cost - tokens) / Self.perSecond)
    }
}
