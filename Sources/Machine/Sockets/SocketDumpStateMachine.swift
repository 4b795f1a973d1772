import CMachine
import Glibc

/// The bytes of one question to sock_diag(7), and of the datagrams that answer it.
///
/// The messages are those of netlink(7) and of `linux/inet_diag.h`, in the machine's byte order but for addresses and
/// ports.
struct SocketDumpStateMachine: Sendable {
    /// The name of the source in errors.
    static let path = "\(SocketSource.netlink)"

    /// The family asked for, `AF_INET` or `AF_INET6`.
    let family: UInt8
    /// The number that the answers repeat.
    let sequence: UInt32
    /// Whether the last message was there.
    private(set) var isFinished = false
    /// Whether the kernel's tables changed meanwhile (`NLM_F_DUMP_INTR`).
    private(set) var wasInterrupted = false

    /// Begins a dump.
    init(family: UInt8, sequence: UInt32) {
        self.family = family
        self.sequence = sequence
    }

    /// The request for all TCP sockets of the family that are in one of the states.
    ///
    /// - Parameters:
    ///   - states: The states.
    ///   - remotePort: The remote port that connections must have; `nil` for all sockets. The kernel itself leaves the
    ///     others out (`inet_diag_dump_icsk` of Linux).
    /// - Returns: The bytes of the message.
    func request(states: Set<TCPState>, remotePort: UInt16? = nil) -> [UInt8] {
        var request = inet_diag_req_v2()
        request.sdiag_family = family
        request.sdiag_protocol = UInt8(IPPROTO_TCP)
        request.idiag_states = states.reduce(0) { $0 | $1.mask }
        if let remotePort { request.id.idiag_dport = remotePort.bigEndian }
        let header = nlmsghdr(
            nlmsg_len: UInt32(MemoryLayout<nlmsghdr>.size + MemoryLayout<inet_diag_req_v2>.size),
            nlmsg_type: UInt16(SOCK_DIAG_BY_FAMILY),
            nlmsg_flags: UInt16(NLM_F_REQUEST | NLM_F_DUMP),
            nlmsg_seq: sequence,
            nlmsg_pid: 0
        )
        return withUnsafeBytes(of: header) { Array($0) } + withUnsafeBytes(of: request) { Array($0) }
    }

    /// Takes one datagram from the kernel.
    ///
    /// - Parameters:
    ///   - datagram: All of its bytes.
    ///   - body: Called with each socket.
    /// - Throws: ``MachineError/Code/unavailable`` where the kernel refuses the request; ``MachineError/Code/malformed``
    ///   for bytes that are not an answer to it.
    mutating func received(_ datagram: RawSpan, _ body: (TCPSocket) -> Void) throws(MachineError) {
        let headerSize = MemoryLayout<nlmsghdr>.size
        var offset = 0
        while offset < datagram.byteCount, !isFinished {
            guard datagram.byteCount - offset >= headerSize else { throw Self.malformed("a message is cut short") }
            let header = unsafe datagram.unsafeLoadUnaligned(fromByteOffset: offset, as: nlmsghdr.self)
            guard let length = Int(exactly: header.nlmsg_len), length >= headerSize,
                length <= datagram.byteCount - offset
            else { throw Self.malformed("a message of \(header.nlmsg_len) bytes is cut short") }
            let payload = datagram.extracting(offset + headerSize..<offset + length)
            // Messages begin at multiples of four bytes.
            offset += (length + 3) & ~3
            guard header.nlmsg_seq == sequence else { continue }
            if header.nlmsg_flags & UInt16(NLM_F_DUMP_INTR) != 0 { wasInterrupted = true }
            try take(payload, type: header.nlmsg_type, body)
        }
    }

    private mutating func take(
        _ payload: RawSpan,
        type: UInt16,
        _ body: (TCPSocket) -> Void
    ) throws(MachineError) {
        switch Int32(type) {
        case NLMSG_NOOP: return
        case NLMSG_DONE:
            isFinished = true
            // The kernel puts the dump's result behind; older ones may leave it out.
            if payload.byteCount >= MemoryLayout<Int32>.size { try Self.check(payload) }
        case NLMSG_ERROR:
            isFinished = true
            guard payload.byteCount >= MemoryLayout<nlmsgerr>.size else {
                throw Self.malformed("an error is cut short")
            }
            try Self.check(payload)
            throw Self.malformed("an acknowledgment in place of a dump")
        case NLMSG_OVERRUN:
            throw MachineError(code: .unavailable, path: Self.path, reason: "the kernel lost a part of the answer")
        case SOCK_DIAG_BY_FAMILY: body(try socket(payload))
        default: throw Self.malformed("a message of type \(type)")
        }
    }

    private func socket(_ payload: RawSpan) throws(MachineError) -> TCPSocket {
        guard payload.byteCount >= MemoryLayout<inet_diag_msg>.size else {
            throw Self.malformed("a socket is cut short")
        }
        let message = unsafe payload.unsafeLoadUnaligned(as: inet_diag_msg.self)
        guard message.idiag_family == family else { throw Self.malformed("a socket of family \(message.idiag_family)") }
        guard let state = TCPState(kernelNumber: message.idiag_state) else {
            throw Self.malformed("a socket in state \(message.idiag_state)")
        }
        let id = message.id
        return TCPSocket(
            kernelState: state,
            local: IPEndpoint(address: address(id.idiag_src), port: UInt16(bigEndian: id.idiag_sport)),
            remote: IPEndpoint(address: address(id.idiag_dst), port: UInt16(bigEndian: id.idiag_dport)),
            isIPv6: family == UInt8(AF_INET6),
            userID: message.idiag_uid,
            inode: UInt64(message.idiag_inode),
            receiveQueue: message.idiag_rqueue,
            sendQueue: message.idiag_wqueue
        )
    }

    private func address(_ words: (UInt32, UInt32, UInt32, UInt32)) -> IPAddress {
        func pair(_ first: UInt32, _ second: UInt32) -> UInt64 {
            UInt64(UInt32(bigEndian: first)) << 32 | UInt64(UInt32(bigEndian: second))
        }
        return family == UInt8(AF_INET)
            ? IPAddress(ipv4: UInt32(bigEndian: words.0))
            : IPAddress(high: pair(words.0, words.1), low: pair(words.2, words.3))
    }

    /// Throws the negated errno that a final message begins with, unless it is 0.
    private static func check(_ payload: RawSpan) throws(MachineError) {
        let result = unsafe payload.unsafeLoadUnaligned(as: Int32.self)
        guard result != 0 else { return }
        throw MachineError(code: .unavailable, path: path, reason: String(cString: strerror(0 &- result)))
    }

    private static func malformed(_ reason: String) -> MachineError {
        MachineError(code: .malformed, path: path, reason: reason)
    }
}
