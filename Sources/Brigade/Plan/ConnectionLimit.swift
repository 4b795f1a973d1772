/// One thing that limits connections to an endpoint: how much there is, how much of it is in use, and how many
/// connections the rest is good for.
public struct ConnectionLimit: Sendable, Hashable {
    /// What limits them.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// Descriptors of this process, `RLIMIT_NOFILE`.
        case descriptors
        /// Open files of the whole system, `fs.file-max`.
        case systemDescriptors
        /// Local ports towards the endpoint's addresses.
        case localPorts
        /// The machine's memory.
        case memory
        /// The memory of the control group.
        case controlGroupMemory
        /// Entries of the packet filter, `nf_conntrack_max`.
        case connectionTracking
    }

    /// How many connections a limit is good for.
    public enum Permission: Sendable, Hashable {
        /// As many as this, beside those that are open.
        case connections(Int)
        /// Any number: there is no such limit.
        case unlimited
        /// Not known, for the reason given.
        case unknown(String)
    }

    /// What limits them.
    public var kind: Kind
    /// How many connections it permits, with the margin taken off.
    public var permits: Permission
    /// How much there is, in descriptors, ports, bytes or entries; `nil` where there is no limit or it is not known.
    public var maximum: UInt64?
    /// How much of it is in use; `nil` where that is not known.
    public var inUse: UInt64?
    /// How much is left alone, as a margin.
    public var keptFree: UInt64
    /// How much of what is in use comes free within a minute: ports in TIME_WAIT.
    public var comingFree: UInt64
    /// Where the figures were read.
    public var source: String

    /// Creates a limit from its parts.
    public init(
        kind: Kind,
        permits: Permission,
        maximum: UInt64? = nil,
        inUse: UInt64? = nil,
        keptFree: UInt64 = 0,
        comingFree: UInt64 = 0,
        source: String
    ) {
        self.kind = kind
        self.permits = permits
        self.maximum = maximum
        self.inUse = inUse
        self.keptFree = keptFree
        self.comingFree = comingFree
        self.source = source
    }

    /// The number of connections; `nil` without a limit or a figure.
    public var connections: Int? {
        if case .connections(let count) = permits { count } else { nil }
    }
}
