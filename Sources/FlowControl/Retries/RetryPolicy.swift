/// Decides whether and when a failed request is sent again: exponential back-off with full jitter.
///
/// Full jitter waits for a uniformly random part of the back-off, so that clients that failed together do not come back
/// together (AWS Architecture Blog, "Exponential Backoff And Jitter").
public struct RetryPolicy: Sendable, Hashable {
    /// What kind of failure it was, as far as the decision is concerned.
    public enum Failure: Sendable, Hashable {
        /// The server asks for fewer requests.
        case throttled
        /// The server or the network failed; the same request may succeed.
        case transient
        /// The same request would fail again.
        case permanent
    }

    /// What to do about a failed attempt.
    public enum Decision: Sendable, Hashable {
        /// Send the request again after this time.
        case retry(after: Duration)
        /// Report the failure.
        case giveUp
    }

    /// How often a request is sent at most, the first time included: at least 1, by default 10.
    public var maximumAttempts = 10
    /// The bound of the first wait after a transient failure, by default 100 ms; it doubles with each attempt.
    public var transientDelay = Duration.milliseconds(100)
    /// The bound of the first wait after throttling, by default 500 ms; it doubles with each attempt.
    public var throttledDelay = Duration.milliseconds(500)
    /// What no wait exceeds: by default 20 s, as in the AWS SDKs.
    public var maximumDelay = Duration.seconds(20)

    /// Creates the policy of the defaults.
    public init() {}

    /// Decides about one failed attempt.
    ///
    /// - Parameters:
    ///   - failure: What kind of failure it was.
    ///   - attempt: Which attempt failed, counted from 1.
    ///   - random: Where the jitter comes from.
    /// - Returns: A wait between nothing and the back-off of this attempt, or the end.
    public func decide(
        after failure: Failure,
        attempt: Int,
        using random: inout some RandomNumberGenerator
    ) -> Decision {
        let base: Duration
        switch failure {
        case .permanent: return .giveUp
        case .transient: base = transientDelay
        case .throttled: base = throttledDelay
        }
        guard attempt < maximumAttempts else { return .giveUp }
        let doublings = min(attempt - 1, 20)
        let backOff = min(maximumDelay, base * (1 << doublings))
        return .retry(after: backOff * Double.random(in: 0...1, using: &random))
    }
}
