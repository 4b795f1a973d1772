/// How many requests a second the keys of a prefix take, as a partition of S3 does.
public struct PrefixRate: Sendable, Hashable {
    /// What the keys begin with, as bytes; for a copy, the key that is written counts.
    public var prefix: String
    /// Requests a second, at least 1; more are answered with 503 SlowDown.
    public var requestsPerSecond: Int

    /// Creates a rate.
    public init(prefix: String, requestsPerSecond: Int) {
        self.prefix = prefix
        self.requestsPerSecond = requestsPerSecond
    }
}
