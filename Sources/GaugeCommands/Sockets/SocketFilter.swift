import Machine

/// Which sockets are wanted.
struct SocketFilter: Hashable {
    /// The other end of a connection, with a port or any.
    struct Remote: Hashable {
        var address: IPAddress
        var port: UInt16?

        /// Reads an address, alone or with a port: `192.0.2.1`, `192.0.2.1:443`, `2001:db8::1`, `[2001:db8::1]:443`.
        init?(_ text: String) {
            if let address = IPAddress(text) {
                self.address = address
            } else if let endpoint = IPEndpoint(text) {
                address = endpoint.address
                port = endpoint.port
            } else {
                return nil
            }
        }
    }

    /// Where they lead; `nil` for anywhere.
    var remote: Remote?
    /// Their states; empty for all.
    var states: Set<TCPState> = []
    /// The inodes that some processes have open; `nil` where no process is asked for.
    var inodes: Set<UInt64>?

    /// Whether every socket is wanted.
    var isOpen: Bool { remote == nil && states.isEmpty && inodes == nil }

    /// Whether a socket is wanted.
    func contains(_ socket: TCPSocket) -> Bool {
        if let remote {
            guard socket.remote?.address == remote.address else { return false }
            if let port = remote.port, socket.remote?.port != port { return false }
        }
        if !states.isEmpty, !states.contains(socket.state) { return false }
        guard let inodes else { return true }
        return socket.inode.map(inodes.contains) ?? false
    }
}
