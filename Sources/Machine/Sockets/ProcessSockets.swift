/// The sockets that one or several processes have open: the links of `/proc/PID/fd` (proc_pid_fd(5)), joined with the kernel's tables by
/// their inodes.
///
/// A socket in TIME_WAIT belongs to no process any more, and is never among these.
public struct ProcessSockets: Sendable, Hashable {
    /// How many descriptors lead to sockets; several may share one.
    public var descriptors: Int
    /// The TCP sockets that are bound or connected, each once, in ascending order of their local ends.
    public var tcp: [TCPSocket]
    /// How many sockets there are of the other kinds that are listed.
    public var others: [SocketKind: Int]
    /// Sockets that no table lists: of TCP or UDP and not bound yet, of yet another kind, or closed meanwhile.
    public var unlisted: Int

    /// The inodes of the sockets that a process has open, and how many descriptors lead to them.
    ///
    /// - Throws: ``MachineError/Code/unavailable`` where the process does not exist or is another user's, and where no
    ///   descriptor is left; ``MachineError/Code/malformed`` for a link that is not understood.
    public static func inodes(
        of process: ProcessReference = .current,
        in files: KernelFiles = KernelFiles()
    ) throws(MachineError) -> (inodes: Set<UInt64>, descriptors: Int) {
        var inodes: Set<UInt64> = []
        var descriptors = 0
        try DescriptorUse.forEach(of: process, in: files) { (path) throws(MachineError) in
            guard let link = try KernelFiles.linkIfPresent(at: path), link.hasPrefix("socket:") else { return }
            guard link.hasPrefix("socket:["), link.hasSuffix("]"), let inode = UInt64(link.dropFirst(8).dropLast())
            else {
                throw MachineError(code: .malformed, path: path, reason: "it leads to \"\(link.prefix(40))\"")
            }
            descriptors += 1
            inodes.insert(inode)
        }
        return (inodes, descriptors)
    }

    /// Finds the sockets of processes that have one network.
    ///
    /// - Parameters:
    ///   - processes: The processes; their network, that of the first, may be another one than this process's.
    ///   - source: Who must tell of the TCP sockets; by default netlink where it can, else the files.
    ///   - files: Where the kernel's files are.
    /// - Returns: The sockets, and who told of those of TCP.
    /// - Throws: As ``inodes(of:in:)``, unless one of several processes has ended meanwhile; ``MachineError`` where no source tells of TCP, or a table cannot be read or
    ///   understood.
    public static func read(
        _ processes: [ProcessReference] = [.current],
        from source: SocketSource? = nil,
        in files: KernelFiles = KernelFiles()
    ) throws(MachineError) -> SocketReading<ProcessSockets> {
        var inodes: Set<UInt64> = []
        var descriptors = 0
        for process in processes {
            do throws(MachineError) {
                let own = try Self.inodes(of: process, in: files)
                inodes.formUnion(own.inodes)
                descriptors += own.descriptors
            } catch {
                // Of several, one that has ended meanwhile has no sockets any more.
                let hasEnded = try KernelFiles.textIfPresent(at: ProcessStatus.path(process, in: files)) == nil
                guard processes.count > 1, hasEnded else { throw error }
            }
        }
        let process = processes.first ?? .current
        let tcp = try TCPSockets.reduce(into: [UInt64: TCPSocket](), of: process, from: source, in: files) {
            if let inode = $1.inode, inodes.contains(inode) { $0[inode] = $1 }
        }
        inodes.subtract(tcp.value.keys)
        var others: [SocketKind: Int] = [:]
        for kind in SocketKind.allCases {
            var found: Set<UInt64> = []
            for table in kind.tables {
                // A kernel without this kind has no table of it.
                _ = try KernelLines.forEach(at: files.path(of: table, in: process)) { (line, _) throws(MachineError) in
                    if let inode = kind.inode(line), inodes.contains(inode) { found.insert(inode) }
                }
            }
            others[kind] = found.count
            inodes.subtract(found)
        }
        let sockets = ProcessSockets(
            descriptors: descriptors,
            tcp: tcp.value.values.sorted { ($0.local, $0.inode ?? 0) < ($1.local, $1.inode ?? 0) },
            others: others,
            unlisted: inodes.count
        )
        return SocketReading(value: sockets, source: tcp.source, wasInterrupted: tcp.wasInterrupted)
    }
}
