import SystemPackage

/// How many connections the packet filter keeps track of, and may ("nf_conntrack-sysctl" of the kernel's documentation).
///
/// At the maximum, the first packets of new connections are dropped: connecting times out, and the kernel's log says
/// `nf_conntrack: table full, dropping packet`. A closed connection counts until its entry has expired.
public struct ConnectionTracking: Sendable, Hashable {
    /// Entries in this network namespace, connections of all protocols.
    public var count: UInt64
    /// How many there can be in a namespace.
    public var maximum: UInt64

    /// Creates a record from its parts.
    public init(count: UInt64, maximum: UInt64) {
        self.count = count
        self.maximum = maximum
    }

    /// Parses `nf_conntrack_count` and `nf_conntrack_max`.
    ///
    /// - Throws: ``MachineError/Code/malformed`` for anything but a number in each.
    init(count: KernelText, maximum: KernelText) throws(MachineError) {
        self.count = try count.number()
        self.maximum = try maximum.number()
    }

    /// The path of the file with the number of entries.
    public static func path(in files: KernelFiles = KernelFiles()) -> String {
        "\(files.proc)/sys/net/netfilter/nf_conntrack_count"
    }

    /// The path of the file with the maximum.
    public static func maximumPath(in files: KernelFiles = KernelFiles()) -> String {
        "\(files.proc)/sys/net/netfilter/nf_conntrack_max"
    }

    /// Reads the figures of this process's network namespace.
    ///
    /// - Returns: `nil` where the kernel tracks no connections: the module is not loaded.
    /// - Throws: ``MachineError`` where one of the files is missing, or one cannot be read or understood.
    public static func read(in files: KernelFiles = KernelFiles()) throws(MachineError) -> ConnectionTracking? {
        let count = try KernelFiles.textIfPresent(at: path(in: files))
        let maximum = try KernelFiles.textIfPresent(at: maximumPath(in: files))
        if count == nil, maximum == nil { return nil }
        guard let count, let maximum else {
            let missing = count == nil ? path(in: files) : maximumPath(in: files)
            throw MachineError(code: .unavailable, path: missing, reason: "\(Errno.noSuchFileOrDirectory)")
        }
        return try ConnectionTracking(count: count, maximum: maximum)
    }
}
