/// What the server has seen and done since it was started.
public struct Statistics: Sendable, Hashable {
    /// Requests that were answered or cut off, by S3's name of the operation; those that meant none as `Unknown`.
    public var requests: [String: Int] = [:]
    /// The most requests within any second, wherever it begins.
    public var highestRequestsInASecond = 0
    /// Connections accepted.
    public var connectionsAccepted = 0
    /// Connections open now.
    public var connectionsOpen = 0
    /// The most connections open at once.
    public var connectionsOpenHighest = 0
    /// Bytes of the bodies of requests, as they were sent.
    public var bytesReceived = 0
    /// Bytes of the bodies of answers.
    public var bytesSent = 0
    /// Requests that went wrong on purpose, by the kind of fault.
    public var faults: [String: Int] = [:]

    /// Requests of all kinds.
    public var requestsInAll: Int { requests.values.reduce(0, +) }

    /// Nothing seen yet.
    public init() {}
}
