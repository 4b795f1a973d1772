internal import Machine

/// Counts the connections to a job's addresses and ports, of whatever process.
struct RemoteSockets: Sendable {
    /// The states, and the fewest ports left on a way.
    struct Count: Sendable {
        var states = SocketStateCounts()
        var portsLeft: Int?
    }

    private let ways: [MachineReading.Way]
    private let remotes: Set<IPEndpoint>
    private let range: ClosedRange<UInt16>?

    /// - Parameters:
    ///   - ways: Where the connections lead, and the ports that each way has.
    ///   - range: The ports that the kernel gives to connections; `nil` where they are not known.
    init(ways: [MachineReading.Way], range: ClosedRange<UInt16>?) {
        self.ways = ways.filter { $0.source != nil }
        remotes = Set(ways.map(\.remote))
        self.range = range
    }

    /// Counts the connections of this moment.
    ///
    /// - Returns: `nil` where it is not known where connections lead.
    /// - Throws: ``MachineError`` as ``TCPSockets/reduce(into:states:remotePort:of:from:in:_:)``.
    func count() throws(MachineError) -> Count? {
        if remotes.isEmpty { return nil }
        struct Found {
            var states = SocketStateCounts()
            var ports: [SocketCounts.Outgoing: Int] = [:]
        }
        var sum = Count()
        var used: [SocketCounts.Outgoing: Int] = [:]
        for port in Set(remotes.map(\.port)) {
            let found = try TCPSockets.reduce(into: Found(), remotePort: port) { found, socket in
                guard let remote = socket.remote, remotes.contains(remote) else { return }
                found.states[socket.state] += 1
                if range?.contains(socket.local.port) == true {
                    found.ports[.init(remote: remote, local: socket.local.address), default: 0] += 1
                }
            }
            sum.states += found.value.states
            used.merge(found.value.ports) { $0 + $1 }
        }
        guard range != nil else { return sum }
        sum.portsLeft = ways.compactMap { way in
            way.source.map { max(0, way.available - (used[.init(remote: way.remote, local: $0)] ?? 0)) }
        }.min()
        return sum
    }
}
