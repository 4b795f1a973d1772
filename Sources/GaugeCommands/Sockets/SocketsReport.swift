import Machine

/// The sockets that were found, and what could not be read.
struct SocketsReport: ProbeReport {
    /// A process whose sockets are wanted.
    struct Process: Hashable {
        var id: Int32
        var name: String
    }

    /// Whether the kernel tracks connections.
    enum Tracking: Hashable {
        case present(ConnectionTracking)
        case absent
    }

    /// Outgoing connections that differ in their local port only.
    struct Way: Hashable {
        var remote: IPEndpoint
        var local: IPAddress
        /// The connections that were asked for.
        var states: SocketStateCounts
        /// Ports of the range that all such connections have, also those that were not asked for.
        var portsInUse: Int
        /// `nil` where the range is not known.
        var portsLeft: Int?
    }

    /// Connections that came to a local port from an address.
    struct Source: Hashable {
        var remote: IPAddress
        var port: UInt16
        var states: SocketStateCounts
    }

    /// Whether only some sockets were asked for.
    var isFiltered = false
    /// Empty where the whole network was asked for.
    var processes: [Process] = []
    /// The processes' own sockets that were asked for; `nil` without processes.
    var processSockets: ProcessSockets?
    /// `nil`, with a failure, where nothing tells of sockets.
    var survey: SocketSurvey?
    var statistics: SocketStatistics?
    var tracking: Tracking?
    var settings: TCPSettings?
    /// A sentence for each probe that failed.
    var failures: [String] = []

    /// Where outgoing connections lead, most connections first.
    var outgoing: [Way] {
        guard let survey else { return [] }
        return survey.selected.outgoing.map { key, use in
            Way(
                remote: key.remote,
                local: key.local,
                states: use.states,
                portsInUse: survey.counts.outgoing[key]?.ports ?? 0,
                portsLeft: survey.freePorts(towards: key.remote, from: key.local)
            )
        }
        .sorted { (-$0.states.total, $0.remote, $0.local) < (-$1.states.total, $1.remote, $1.local) }
    }

    /// Where incoming connections come from, most connections first.
    var incoming: [Source] {
        guard let survey else { return [] }
        return survey.selected.incoming.map { Source(remote: $0.remote, port: $0.port, states: $1) }
            .sorted { (-$0.states.total, $0.port, $0.remote) < (-$1.states.total, $1.port, $1.remote) }
    }
}
