/// One TCP socket as the kernel lists it.
public struct TCPSocket: Sendable, Hashable {
    /// Its state.
    public var state: TCPState
    /// The local end; the unspecified address for a socket that listens on all.
    public var local: IPEndpoint
    /// The other end; `nil` for a socket that is not connected.
    public var remote: IPEndpoint?
    /// Whether it is a socket of IPv6; its addresses are IPv4's where they are mapped ones.
    public var isIPv6: Bool
    /// The user whose socket it is; `nil` in ``TCPState/timeWait`` and ``TCPState/synReceived``, where the kernel keeps
    /// none.
    public var userID: UInt32?
    /// The inode, which `/proc/PID/fd` names; `nil` where no process has the socket: not accepted yet, or closed.
    public var inode: UInt64?
    /// Bytes received and not read yet; connections not accepted yet where the socket listens.
    public var receiveQueue: UInt32
    /// Bytes sent and not acknowledged yet.
    ///
    /// Where the socket listens, netlink gives how many connections may wait to be accepted, and `/proc/net/tcp` 0.
    public var sendQueue: UInt32

    /// Creates a record from its parts.
    public init(
        state: TCPState,
        local: IPEndpoint,
        remote: IPEndpoint? = nil,
        isIPv6: Bool = false,
        userID: UInt32? = nil,
        inode: UInt64? = nil,
        receiveQueue: UInt32 = 0,
        sendQueue: UInt32 = 0
    ) {
        self.state = state
        self.local = local
        self.remote = remote
        self.isIPv6 = isIPv6
        self.userID = userID
        self.inode = inode
        self.receiveQueue = receiveQueue
        self.sendQueue = sendQueue
    }

    /// Takes over what both of the kernel's formats have, where 0 stands for what there is not.
    init(
        kernelState state: TCPState,
        local: IPEndpoint,
        remote: IPEndpoint,
        isIPv6: Bool,
        userID: UInt32,
        inode: UInt64,
        receiveQueue: UInt32,
        sendQueue: UInt32
    ) {
        let isUnowned = state == .timeWait || state == .synReceived
        self.init(
            state: state,
            local: local,
            remote: remote.port == 0 && remote.address.isUnspecified ? nil : remote,
            isIPv6: isIPv6,
            userID: isUnowned ? nil : userID,
            inode: inode == 0 ? nil : inode,
            receiveQueue: receiveQueue,
            sendQueue: sendQueue
        )
    }
}
