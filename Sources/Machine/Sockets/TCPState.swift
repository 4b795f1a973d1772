/// A state of a TCP socket (RFC 9293, 3.3.2), by the number that the kernel gives it (`net/tcp_states.h`).
public enum TCPState: UInt8, Sendable, Hashable, CaseIterable, CustomStringConvertible {
    /// Both sides may send.
    case established = 1
    /// Waiting for the answer to the first segment.
    case synSent
    /// Answered a peer's first segment; the connection has not been accepted and belongs to no process yet.
    case synReceived
    /// Closed here; the peer has not acknowledged it yet.
    case finWait1
    /// Closed here and acknowledged; the peer has not closed yet.
    case finWait2
    /// Closed on both sides, here first: the local port is kept for a minute so that late segments find no new
    /// connection. Belongs to no process any more.
    case timeWait
    /// Not connected; bound to a local port at most. Only netlink lists such sockets, since Linux 6.8.
    case closed
    /// Closed by the peer, not here yet: the program has not noticed or does not care.
    case closeWait
    /// Closed by the peer, then here; the peer has not acknowledged it yet.
    case lastAcknowledgment
    /// Waiting for connections.
    case listening
    /// Closed on both sides at once; the peer has not acknowledged it yet.
    case closing

    /// The name that RFC 9293 gives the state, in lower case: `established`, `time-wait`.
    public var description: String {
        switch self {
        case .established: "established"
        case .synSent: "syn-sent"
        case .synReceived: "syn-received"
        case .finWait1: "fin-wait-1"
        case .finWait2: "fin-wait-2"
        case .timeWait: "time-wait"
        case .closed: "closed"
        case .closeWait: "close-wait"
        case .lastAcknowledgment: "last-ack"
        case .listening: "listen"
        case .closing: "closing"
        }
    }

    /// The state by its name.
    public init?(name: String) {
        guard let state = Self.allCases.first(where: { $0.description == name }) else { return nil }
        self = state
    }

    /// The state by the kernel's number; the kernel's `TCP_NEW_SYN_RECV` and `TCP_BOUND_INACTIVE` are
    /// ``synReceived`` and ``closed`` to whoever looks from outside.
    init?(kernelNumber: UInt8) {
        switch kernelNumber {
        case 12: self = .synReceived
        case 13: self = .closed
        default: self.init(rawValue: kernelNumber)
        }
    }

    /// The bits for this state in a request to sock_diag(7).
    var mask: UInt32 {
        switch self {
        case .synReceived: 1 << 3 | 1 << 12
        case .closed: 1 << 7 | 1 << 13
        default: 1 << UInt32(rawValue)
        }
    }
}
