import CMachine
import Glibc

/// A socket to the kernel's sock_diag(7), closed with its owner.
struct SocketDiagnostics: ~Copyable {
    /// How long the kernel may take for one datagram; it answers at once, so this only keeps a probe from hanging.
    private static let patience = timeval(tv_sec: 5, tv_usec: 0)
    /// What one datagram holds at most: the kernel fills 32 KiB, or 16 KiB where memory is short.
    private static let datagramSize = 65_536

    private let descriptor: Int32
    private var sequence: UInt32 = 0
    private var buffer = [UInt8](repeating: 0, count: datagramSize)

    /// Opens the socket.
    ///
    /// - Throws: ``MachineError/Code/unavailable`` where the kernel, or a filter on system calls, does not allow it, and
    ///   where no descriptor is left.
    init() throws(MachineError) {
        let type = Int32(SOCK_RAW.rawValue | SOCK_CLOEXEC.rawValue)
        let socket = Glibc.socket(AF_NETLINK, type, NETLINK_SOCK_DIAG)
        guard socket >= 0 else { throw Self.failure() }
        var patience = Self.patience
        guard setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &patience, UInt32(MemoryLayout<timeval>.size)) == 0 else {
            let failure = Self.failure()
            close(socket)
            throw failure
        }
        descriptor = socket
    }

    deinit { close(descriptor) }

    /// Asks for all TCP sockets of a family in some states, or for those that are connected to a remote port.
    ///
    /// - Returns: Whether the kernel's tables changed meanwhile.
    /// - Throws: As ``SocketDumpStateMachine/received(_:_:)``, and ``MachineError/Code/unavailable`` where sending or
    ///   receiving fails.
    mutating func dump(
        family: Int32,
        states: Set<TCPState>,
        remotePort: UInt16? = nil,
        _ body: (TCPSocket) -> Void
    ) throws(MachineError) -> Bool {
        sequence += 1
        var machine = SocketDumpStateMachine(family: UInt8(family), sequence: sequence)
        try send(machine.request(states: states, remotePort: remotePort))
        while !machine.isFinished {
            let count = try receive()
            let bytes = buffer.span.bytes
            try machine.received(bytes.extracting(0..<count), body)
        }
        return machine.wasInterrupted
    }

    private func send(_ request: [UInt8]) throws(MachineError) {
        while true {
            let count = Glibc.send(descriptor, request, request.count, 0)
            if count == request.count { return }
            guard count < 0, errno == EINTR else { throw Self.failure() }
        }
    }

    /// Receives one datagram of the kernel's into the buffer.
    private mutating func receive() throws(MachineError) -> Int {
        while true {
            var sender = sockaddr_nl()
            var header = msghdr()
            let count = buffer.withUnsafeMutableBytes { bytes in
                withUnsafeMutablePointer(to: &sender) { sender in
                    var vector = iovec(iov_base: bytes.baseAddress, iov_len: bytes.count)
                    return withUnsafeMutablePointer(to: &vector) { vector in
                        header.msg_name = UnsafeMutableRawPointer(sender)
                        header.msg_namelen = UInt32(MemoryLayout<sockaddr_nl>.size)
                        header.msg_iov = vector
                        header.msg_iovlen = 1
                        return recvmsg(descriptor, &header, 0)
                    }
                }
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw Self.failure() }
            guard header.msg_flags & Int32(MSG_TRUNC) == 0 else {
                throw MachineError(
                    code: .malformed,
                    path: SocketDumpStateMachine.path,
                    reason: "a datagram is larger than \(buffer.count) bytes"
                )
            }
            // Any process may send to this socket; the kernel is number 0.
            if sender.nl_pid == 0 { return count }
        }
    }

    private static func failure() -> MachineError {
        let reason = errno == EAGAIN ? "the kernel does not answer" : String(cString: strerror(errno))
        return MachineError(code: .unavailable, path: SocketDumpStateMachine.path, reason: reason)
    }
}
