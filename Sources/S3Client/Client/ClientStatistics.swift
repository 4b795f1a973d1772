public import S3Protocol

/// What a client has sent, and over which connections, since it began.
public struct ClientStatistics: Sendable, Hashable {
    /// Requests by operation, each attempt counted; operations that were never asked for are not there.
    public internal(set) var requests: [S3Operation: Int] = [:]
    /// Attempts that were repetitions after a failure.
    public internal(set) var retries = 0
    /// For how long requests had to wait because of `maximumRequestsPerSecond`.
    public internal(set) var timeAtCeiling = Duration.zero
    /// What became of the connections.
    public internal(set) var connections = ConnectionStatistics()

    /// Nothing done yet.
    public init() {}

    /// Adds what was done elsewhere.
    static func += (left: inout ClientStatistics, right: ClientStatistics) {
        left.requests.merge(right.requests, uniquingKeysWith: +)
        left.retries += right.retries
        left.timeAtCeiling += right.timeAtCeiling
        left.connections += right.connections
    }

    /// What was done since an earlier look at the same client; the highest counts are those of its whole life.
    public static func - (later: ClientStatistics, earlier: ClientStatistics) -> ClientStatistics {
        var difference = later
        for (operation, count) in earlier.requests { difference.requests[operation, default: 0] -= count }
        difference.requests = difference.requests.filter { $0.value > 0 }
        difference.retries -= earlier.retries
        difference.timeAtCeiling -= earlier.timeAtCeiling
        difference.connections -= earlier.connections
        return difference
    }
}
