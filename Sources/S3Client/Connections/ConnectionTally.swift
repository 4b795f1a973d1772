/// What became of a group of connections.
public struct ConnectionTally: Sendable, Hashable {
    /// Connections that were opened.
    public internal(set) var opened = 0
    /// Connections that could not be opened, by the kernel's error number (errno(3)); 0 stands for failures that are
    /// none of the kernel's: a time that ran out, or a TLS handshake.
    public internal(set) var failedToOpen: [Int32: Int] = [:]
    /// Requests that were answered.
    public internal(set) var requests = 0
    /// Connections that have ended, by who ended them and why.
    public internal(set) var ended: [ConnectionEnd: Int] = [:]

    /// Connections that are open: those opened less those that have ended.
    public var open: Int { opened - ended.values.reduce(0, +) }

    /// Adds the counts of other connections.
    static func += (left: inout ConnectionTally, right: ConnectionTally) {
        left.opened += right.opened
        left.failedToOpen.merge(right.failedToOpen, uniquingKeysWith: +)
        left.requests += right.requests
        left.ended.merge(right.ended, uniquingKeysWith: +)
    }

    /// Takes away what was counted earlier.
    static func -= (later: inout ConnectionTally, earlier: ConnectionTally) {
        later.opened -= earlier.opened
        for (errno, count) in earlier.failedToOpen { later.failedToOpen[errno, default: 0] -= count }
        later.failedToOpen = later.failedToOpen.filter { $0.value != 0 }
        later.requests -= earlier.requests
        for (end, count) in earlier.ended { later.ended[end, default: 0] -= count }
        later.ended = later.ended.filter { $0.value != 0 }
    }
}
