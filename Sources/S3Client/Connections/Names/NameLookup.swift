internal import Glibc
internal import NIOCore
internal import SystemPackage

/// Asks the C library for the addresses of a name; it blocks.
enum NameLookup {
    /// The addresses of a name or of a literal address, in the resolver's order (RFC 6724), without repetition.
    ///
    /// - Throws: ``S3ClientError`` with the code `nameLookup`; its cause is an `Errno` where the kernel refused something.
    static func addresses(of host: String, port: Int) throws(S3ClientError) -> [SocketAddress] {
        // No lookup at all, and no descriptor: AI_ADDRCONFIG would ask the kernel for its interfaces even so.
        if let literal = literal(host, port: port) { return [literal] }
        var list: UnsafeMutablePointer<addrinfo>?
        var status = query(host, port, AI_ADDRCONFIG, &list)
        var errno = Errno(rawValue: Glibc.errno)
        if status != 0, status != EAI_AGAIN, status != EAI_SYSTEM {
            // AI_ADDRCONFIG hides loopback addresses on a machine whose only interface is the loopback.
            status = query(host, port, 0, &list)
            errno = Errno(rawValue: Glibc.errno)
        }
        guard status == 0 else { throw failure(of: host, status, errno) }
        defer { freeaddrinfo(list) }
        var addresses: [SocketAddress] = []
        var entry = list
        while let info = entry?.pointee {
            if let address = socketAddress(info), !addresses.contains(address) { addresses.append(address) }
            entry = info.ai_next
        }
        guard !addresses.isEmpty else {
            throw S3ClientError(code: .nameLookup, message: "the name '\(host)' has neither IPv4 nor IPv6 addresses")
        }
        return addresses
    }

    private static func literal(_ host: String, port: Int) -> SocketAddress? {
        try? SocketAddress(ipAddress: host, port: port)
    }

    private static func query(
        _ host: String,
        _ port: Int,
        _ flags: CInt,
        _ list: inout UnsafeMutablePointer<addrinfo>?
    ) -> CInt {
        var hints = addrinfo()
        hints.ai_socktype = CInt(SOCK_STREAM.rawValue)
        hints.ai_flags = flags | AI_NUMERICSERV
        return getaddrinfo(host, String(port), &hints, &list)
    }

    /// What to say of a lookup that failed.
    ///
    /// The C library needs descriptors for its files and sockets, and where it gets none it says, as likely as not, that
    /// there is no such host. So whether one can be had is tried first.
    private static func failure(of host: String, _ status: CInt, _ errno: Errno) -> S3ClientError {
        if let shortage = shortageOfDescriptors() ?? (status == EAI_SYSTEM && errno.isShortage ? errno : nil) {
            return S3ClientError(
                code: .nameLookup,
                message: "the name '\(host)' could not be looked up: that needs a descriptor for a socket or a file",
                cause: shortage,
                isRetryable: true
            )
        }
        let reason: String
        let advice: String
        switch status {
        case EAI_NONAME:
            reason = "there is no such name"
            advice = "check the endpoint and the region"
        case EAI_AGAIN:
            reason = "no name server answered"
            advice = "check the network and the name servers in /etc/resolv.conf"
        case EAI_SYSTEM:
            reason = errno.description
            advice = "check the network and /etc/resolv.conf"
        default:
            reason = String(cString: gai_strerror(status))
            advice = "check the endpoint and the region"
        }
        return S3ClientError(
            code: .nameLookup,
            message: "the name '\(host)' could not be resolved: \(reason); \(advice)",
            cause: status == EAI_SYSTEM ? errno : nil,
            isRetryable: status == EAI_AGAIN || status == EAI_SYSTEM
        )
    }

    /// What keeps this process from opening anything; `nil` where it can.
    private static func shortageOfDescriptors() -> Errno? {
        do {
            try FileDescriptor.open("/dev/null", .readOnly).close()
            return nil
        } catch let errno as Errno where errno.isShortage {
            return errno
        } catch {
            return nil
        }
    }

    private static func socketAddress(_ info: addrinfo) -> SocketAddress? {
        guard let address = info.ai_addr else { return nil }
        switch info.ai_family {
        case AF_INET:
            return address.withMemoryRebound(to: sockaddr_in.self, capacity: 1) { SocketAddress($0.pointee) }
        case AF_INET6:
            return address.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) { SocketAddress($0.pointee) }
        default: return nil
        }
    }
}
