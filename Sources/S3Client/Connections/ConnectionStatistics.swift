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
    /// How often the machine had no descriptor, local port or memory for another connection.
    ///
    /// Nothing fails by that while connections are open: whoever wants one waits for one of them.
    public internal(set) var shortages = 0
    /// The same counts, and more of them, by the addresses at both ends; at most some 64 rows for each host.
    public internal(set) var addresses: [AddressStatistics] = []

    /// Connections that are open.
    public var open: Int { opened - closedByPeer - closedByClient }

    /// Adds the counts of other connections.
    static func += (left: inout ConnectionStatistics, right: ConnectionStatistics) {
        left.opened += right.opened
        left.failedToOpen += right.failedToOpen
        left.closedByPeer += right.closedByPeer
        left.closedByClient += right.closedByClient
        left.highestOpen += right.highestOpen
        left.highestInUse += right.highestInUse
        left.sentAgainAfterStaleConnection += right.sentAgainAfterStaleConnection
        left.shortages += right.shortages
        for row in right.addresses { left.add(row) }
    }

    /// Adds a row's counts to the row for the same addresses.
    mutating func add(_ row: AddressStatistics) {
        if let index = addresses.firstIndex(where: { $0.source == row.source && $0.remote == row.remote }) {
            addresses[index].tally += row.tally
        } else {
            addresses.append(row)
        }
    }

    /// What became of connections since an earlier look at the same ones; the highest counts are those of all the time.
    static func -= (later: inout ConnectionStatistics, earlier: ConnectionStatistics) {
        later.opened -= earlier.opened
        later.failedToOpen -= earlier.failedToOpen
        later.closedByPeer -= earlier.closedByPeer
        later.closedByClient -= earlier.closedByClient
        later.sentAgainAfterStaleConnection -= earlier.sentAgainAfterStaleConnection
        later.shortages -= earlier.shortages
        for row in earlier.addresses {
            let index =
                later.addresses.firstIndex {
                    $0.remote == row.remote && (row.source == nil || $0.source == row.source)
                } ?? later.addresses.firstIndex { $0.remote == nil }
            if let index { later.addresses[index].tally -= row.tally }
        }
    }
}
