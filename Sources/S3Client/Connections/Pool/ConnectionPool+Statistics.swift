internal import NIOCore

extension ConnectionPool {
    /// What became of the pool's connections.
    var statistics: ConnectionStatistics {
        var statistics = counts
        var requests: [RouteTable<TransportAddress>.RouteID: Int] = [:]
        for connection in openConnections { requests[connection.route, default: 0] += connection.answersReceived }
        for entry in routes.entries where entry.tally != ConnectionTally() {
            var tally = entry.tally
            tally.requests += requests[entry.id, default: 0]
            statistics.addresses.append(
                AddressStatistics(
                    source: entry.local?.description,
                    remote: entry.route.remote.description,
                    tally: tally
                )
            )
        }
        if routes.forgotten != ConnectionTally() {
            statistics.addresses.append(AddressStatistics(tally: routes.forgotten))
        }
        for tally in statistics.addresses.map(\.tally) {
            statistics.opened += tally.opened
            statistics.failedToOpen += tally.failedToOpen.values.reduce(0, +)
            for (end, count) in tally.ended {
                if end.isByPeer { statistics.closedByPeer += count } else { statistics.closedByClient += count }
            }
        }
        return statistics
    }

    /// The connections that are open now.
    var open: [OpenConnection] {
        openConnections.map { connection in
            OpenConnection(
                local: connection.localAddress.map { TransportAddress($0).description } ?? "",
                remote: routes.route(connection.route).remote.description,
                age: .nanoseconds((NIODeadline.now() - connection.opened).nanoseconds),
                requests: connection.answersReceived,
                isInUse: connection.isInUse
            )
        }
    }
}
