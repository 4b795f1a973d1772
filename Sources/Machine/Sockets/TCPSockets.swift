import Glibc

/// The TCP sockets of a network namespace, those in TIME_WAIT among them.
///
/// Netlink is asked first, in two dumps (IPv4, IPv6), and `/proc/PID/net/tcp` and `tcp6` are read where it is not
/// allowed or speaks of another network. Neither is a picture of one moment: sockets come and go while they are listed.
public enum TCPSockets {
    /// How often a dump is begun again because the kernel's tables changed under it.
    private static let attempts = 3

    /// Goes through all sockets without keeping them.
    ///
    /// - Parameters:
    ///   - initial: What to begin with, each time that a walk has to begin again.
    ///   - states: The states that are wanted; all by default.
    ///   - remotePort: The port at the other end that a connection must have to be wanted; by default all sockets are.
    ///   - process: Whose network is meant.
    ///   - source: Who must answer; by default netlink where it can, else the files.
    ///   - files: Where the kernel's files are.
    ///   - update: Called with each socket, in no order.
    /// - Returns: What became of the initial value, and who told of the sockets.
    /// - Throws: ``MachineError/Code/unavailable`` where nobody answers, or not the one who must;
    ///   ``MachineError/Code/malformed`` for an answer that is not understood.
    public static func reduce<Result>(
        into initial: Result,
        states: Set<TCPState> = Set(TCPState.allCases),
        remotePort: UInt16? = nil,
        of process: ProcessReference = .current,
        from source: SocketSource? = nil,
        in files: KernelFiles = KernelFiles(),
        _ update: (inout Result, TCPSocket) -> Void
    ) throws(MachineError) -> SocketReading<Result> {
        var refusal: MachineError?
        if source != .files {
            do throws(MachineError) {
                guard files.proc == KernelFiles().proc, files.isSameNetwork(process) else {
                    let reason =
                        "netlink speaks of this process's network only, not of that of \(files.proc)/\(process)"
                    throw MachineError(code: .unavailable, path: SocketDumpStateMachine.path, reason: reason)
                }
                return try dump(into: initial, states: states, remotePort: remotePort, of: process, in: files, update)
            } catch {
                guard source == nil, error.code == .unavailable else { throw error }
                refusal = error
            }
        }
        do {
            return try tables(into: initial, states: states, remotePort: remotePort, of: process, in: files, update)
        } catch {
            guard let refusal else { throw error }
            var both = error
            both.reason += "; before that, \(refusal)"
            throw both
        }
    }

    /// All sockets in some states, held in memory; ``reduce(into:states:remotePort:of:from:in:_:)`` goes without.
    ///
    /// - Throws: As ``reduce(into:states:remotePort:of:from:in:_:)``.
    public static func list(
        states: Set<TCPState> = Set(TCPState.allCases),
        of process: ProcessReference = .current,
        from source: SocketSource? = nil,
        in files: KernelFiles = KernelFiles()
    ) throws(MachineError) -> SocketReading<[TCPSocket]> {
        try reduce(into: [], states: states, of: process, from: source, in: files) { $0.append($1) }
    }

    private static func dump<Result>(
        into initial: Result,
        states: Set<TCPState>,
        remotePort: UInt16?,
        of process: ProcessReference,
        in files: KernelFiles,
        _ update: (inout Result, TCPSocket) -> Void
    ) throws(MachineError) -> SocketReading<Result> {
        var diagnostics = try SocketDiagnostics()
        // A kernel without IPv6 refuses to speak of its sockets, and there are none.
        let hasIPv6 = access(SocketTable.path(isIPv6: true, of: process, in: files), F_OK) == 0
        var reading = SocketReading(value: initial, source: .netlink, wasInterrupted: false)
        for _ in 0..<attempts {
            reading.value = initial
            reading.wasInterrupted = false
            for family in hasIPv6 ? [AF_INET, AF_INET6] : [AF_INET] {
                let wasInterrupted = try diagnostics.dump(family: family, states: states, remotePort: remotePort) {
                    update(&reading.value, $0)
                }
                reading.wasInterrupted = reading.wasInterrupted || wasInterrupted
            }
            if !reading.wasInterrupted { break }
        }
        return reading
    }

    private static func tables<Result>(
        into initial: Result,
        states: Set<TCPState>,
        remotePort: UInt16?,
        of process: ProcessReference,
        in files: KernelFiles,
        _ update: (inout Result, TCPSocket) -> Void
    ) throws(MachineError) -> SocketReading<Result> {
        var reading = SocketReading(value: initial, source: .files, wasInterrupted: false)
        for isIPv6 in [false, true] {
            let path = SocketTable.path(isIPv6: isIPv6, of: process, in: files)
            let isThere = try SocketTable(path: path, isIPv6: isIPv6).forEach { socket in
                guard states.contains(socket.state), remotePort == nil || socket.remote?.port == remotePort else {
                    return
                }
                update(&reading.value, socket)
            }
            guard isThere || isIPv6 else {
                throw MachineError(code: .unavailable, path: path, reason: String(cString: strerror(ENOENT)))
            }
        }
        return reading
    }
}
