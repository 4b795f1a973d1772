/// The TCP sockets of a network namespace by state and remote address, and the local ports that they leave.
public struct SocketSurvey: Sendable {
    /// The ports that the kernel gives to outgoing connections; `nil` for a network that is not this process's, whose
    /// settings the kernel does not show.
    public var range: LocalPortRange?
    /// How many of these ports are available to connections: not reserved, and no socket listens on them or is bound to
    /// them, whatever its address.
    ///
    /// connect(2) passes over every port that bind(2) has given away in the namespace, be it for another address or for
    /// IPv6 (`__inet_hash_connect` of Linux). Sockets that are bound and not connected are seen through netlink since
    /// Linux 6.8 only; before, and in `/proc/net/tcp`, those that listen.
    public var availablePorts: Int?
    /// All sockets.
    public var counts: SocketCounts
    /// The sockets that were selected; all where there was no selection.
    public var selected: SocketCounts
    /// Who told of the sockets.
    public var source: SocketSource
    /// Whether the kernel's tables changed under the walk, so that a few sockets may be missing or counted twice.
    public var wasInterrupted: Bool

    /// Reads and counts all sockets.
    ///
    /// - Parameters:
    ///   - process: Whose network is meant.
    ///   - source: Who must answer; by default netlink where it can, else the files.
    ///   - files: Where the kernel's files are.
    ///   - isSelected: Which sockets to count in ``selected`` too; all by default.
    /// - Returns: The counts of about this moment.
    /// - Throws: ``MachineError`` as ``LocalPortRange/read(in:)`` and ``TCPSockets/reduce(into:states:remotePort:of:from:in:_:)``.
    public static func read(
        of process: ProcessReference = .current,
        from source: SocketSource? = nil,
        in files: KernelFiles = KernelFiles(),
        selecting isSelected: ((TCPSocket) -> Bool)? = nil
    ) throws(MachineError) -> SocketSurvey {
        let range = files.isSameNetwork(process) ? try LocalPortRange.read(in: files) : nil
        let bound = try TCPSockets.reduce(
            into: PortSet(),
            states: [.listening, .closed],
            of: process,
            from: source,
            in: files
        ) { $0.insert($1.local.port) }
        var available = range?.usable ?? PortSet()
        available.subtract(bound.value)
        let none = SocketCounts(bound: bound.value, available: available)
        let counts = try TCPSockets.reduce(into: (all: none, selected: none), of: process, from: source, in: files) {
            $0.all.add($1)
            if let isSelected, isSelected($1) { $0.selected.add($1) }
        }
        return SocketSurvey(
            range: range,
            availablePorts: range == nil ? nil : available.count,
            counts: counts.value.all,
            selected: isSelected == nil ? counts.value.all : counts.value.selected,
            source: counts.source,
            wasInterrupted: bound.wasInterrupted || counts.wasInterrupted
        )
    }

    /// How many more connections can be opened from a local address to a remote address and port before connect(2)
    /// fails with `EADDRNOTAVAIL`.
    ///
    /// Local and remote address and port together must be unique, so each connection there, one in TIME_WAIT too, has
    /// taken a port. With `net.ipv4.tcp_tw_reuse` the kernel may take a port back from TIME_WAIT after a second; such
    /// ports are not counted as free.
    ///
    /// - Returns: `nil` where ``range`` is not known.
    public func freePorts(towards remote: IPEndpoint, from local: IPAddress) -> Int? {
        let way = SocketCounts.Outgoing(remote: remote, local: local)
        return availablePorts.map { max(0, $0 - (counts.outgoing[way]?.ports ?? 0)) }
    }
}
