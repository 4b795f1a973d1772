import Glibc

extension LocalAddress {
    /// The address that connections to a remote one leave from when they are bound to none: the kernel's choice by its
    /// routes and policies.
    ///
    /// A UDP socket is connected for this and closed again (connect(2)); nothing is sent.
    ///
    /// - Returns: The address; `nil` where no route leads there.
    /// - Throws: ``MachineError/Code/unavailable`` where the kernel gives no socket: that says nothing of routes.
    public static func source(towards remote: IPAddress) throws(MachineError) -> IPAddress? {
        let type = Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue)
        let descriptor = socket(remote.ipv4Bits == nil ? AF_INET6 : AF_INET, type, 0)
        guard descriptor >= 0 else { throw unavailable("socket(2)") }
        defer { close(descriptor) }
        // Any port will do, since nothing is sent; 0 is refused by some kernels.
        let connected = remote.withSocketAddress(port: 9) { connect(descriptor, $0, $1) }
        guard connected == 0 else {
            if [ENETUNREACH, EHOSTUNREACH, EADDRNOTAVAIL].contains(errno) { return nil }
            throw unavailable("connect(2) to \(remote)")
        }
        var name = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let found = withUnsafeMutablePointer(to: &name) { storage in
            storage.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                getsockname(descriptor, address, &length) == 0 ? Self.address(address) : nil
            }
        }
        guard let found else { throw unavailable("getsockname(2)") }
        return found
    }

    private static func unavailable(_ call: String) -> MachineError {
        MachineError(code: .unavailable, path: call, reason: String(cString: strerror(errno)))
    }
}

extension IPAddress {
    /// Calls the body with the address and a port in the form of the socket calls.
    fileprivate func withSocketAddress<Result>(
        port: UInt16,
        _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result
    ) -> Result {
        if let bits = ipv4Bits {
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = port.bigEndian
            address.sin_addr.s_addr = bits.bigEndian
            return withUnsafePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
                }
            }
        }
        var address = sockaddr_in6()
        address.sin6_family = sa_family_t(AF_INET6)
        address.sin6_port = port.bigEndian
        address.sin6_addr = in6Address
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_in6>.size))
            }
        }
    }
}
