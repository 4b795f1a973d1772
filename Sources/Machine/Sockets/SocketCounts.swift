/// Sockets counted by state and by where they lead, without keeping any of them.
///
/// A connection counts as incoming where its local port is one that a socket listens on or is bound to, and as outgoing
/// otherwise. The memory grows with the number of remote addresses, not with that of connections.
public struct SocketCounts: Sendable, Hashable {
    /// Where connections that were opened here lead: what they share, with the local port to tell them apart.
    public struct Outgoing: Sendable, Hashable {
        /// The other end.
        public var remote: IPEndpoint
        /// The local address.
        public var local: IPAddress

        /// Names a way out.
        public init(remote: IPEndpoint, local: IPAddress) {
            self.remote = remote
            self.local = local
        }
    }

    /// Where connections that were accepted here come from.
    public struct Incoming: Sendable, Hashable {
        /// The address of the other end.
        public var remote: IPAddress
        /// The local port that was connected to.
        public var port: UInt16

        /// Names a way in.
        public init(remote: IPAddress, port: UInt16) {
            self.remote = remote
            self.port = port
        }
    }

    /// What is known of outgoing connections that differ in their local port only.
    public struct Use: Sendable, Hashable {
        /// The connections by state, those in TIME_WAIT among them.
        public var states = SocketStateCounts()
        /// How many of the ports that the kernel gives out these connections have.
        ///
        /// Each has one of its own: the local and remote addresses and ports together are unique (RFC 9293, 3.3.1).
        public var ports = 0

        /// No connections.
        public init() {}
    }

    /// All sockets.
    public private(set) var states = SocketStateCounts()
    /// The outgoing connections.
    public private(set) var outgoing: [Outgoing: Use] = [:]
    /// The incoming connections by state.
    public private(set) var incoming: [Incoming: SocketStateCounts] = [:]

    private let bound: PortSet
    private let available: PortSet

    /// Begins with no sockets.
    ///
    /// - Parameters:
    ///   - bound: The local ports that a socket listens on or is bound to.
    ///   - available: The local ports that the kernel gives to outgoing connections.
    public init(bound: PortSet, available: PortSet) {
        self.bound = bound
        self.available = available
    }

    /// Counts a socket.
    public mutating func add(_ socket: TCPSocket) {
        states[socket.state] += 1
        guard let remote = socket.remote else { return }
        if bound.contains(socket.local.port) {
            incoming[Incoming(remote: remote.address, port: socket.local.port), default: .init()][socket.state] += 1
        } else {
            let way = Outgoing(remote: remote, local: socket.local.address)
            outgoing[way, default: .init()].states[socket.state] += 1
            if available.contains(socket.local.port) { outgoing[way, default: .init()].ports += 1 }
        }
    }
}
