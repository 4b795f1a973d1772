/// What became of connections, since the client began.
public struct ConnectionStatistics: Sendable, Hashable {
    /// Connections that were opened.
    public internal(set) var opened = 0
    /// Connections that could not be opened.
    public internal(set) var failedToOpen = 0
    /// Connections that the peer closed.
    public internal(set) var closedByPeer = 0
    /// Connections that this client closed.
    public internal(set) var closedByClient = 0
    /// The most connections that were open at once; over several event loops, the sum of each one's highest.
    public internal(set) var highestOpen = 0
    /// The most connections that carried a request at once, summed in the same way.
    public internal(set) var highestInUse = 0
    /// Requests that met a connection which its peer had just closed, and were sent again on another.
    public internal(set) var sentAgainAfterStaleConnection = 0

    /// Adds the counts of other connections.
    static func += (left: inout ConnectionStatistics, right: ConnectionStatistics) {
        left.opened += right.opened
        left.failedToOpen += right.failedToOpen
        left.closedByPeer += right.closedByPeer
        left.closedByClient += right.closedByClient
        left.highestOpen += right.highestOpen
        left.highestInUse += right.highestInUse
        left.sentAgainAfterStaleConnection += right.sentAgainAfterStaleConnection
    }
}
