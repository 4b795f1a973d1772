import Glibc

/// An address that this machine has, in this process's network namespace.
public struct LocalAddress: Sendable, Hashable {
    /// The network device's name, as netdevice(7) has it; with a label for some IPv4 addresses (`eth0:1`).
    public var interface: String
    /// The address.
    public var address: IPAddress
    /// How many leading bits of the address the network has; `nil` where the device has no mask.
    public var prefixLength: Int?
    /// Whether the device is up (`IFF_UP`): only then can a connection leave from the address.
    public var isUp: Bool

    /// Creates a record from its parts.
    public init(interface: String, address: IPAddress, prefixLength: Int?, isUp: Bool) {
        self.interface = interface
        self.address = address
        self.prefixLength = prefixLength
        self.isUp = isUp
    }

    /// The addresses of all devices (getifaddrs(3)), in the kernel's order; other addresses than those of IPv4 and IPv6
    /// are left out.
    ///
    /// - Throws: ``MachineError/Code/unavailable`` where the system call fails.
    public static func all() throws(MachineError) -> [LocalAddress] {
        var first: UnsafeMutablePointer<ifaddrs>?
        guard getifaddrs(&first) == 0 else {
            throw MachineError(code: .unavailable, path: "getifaddrs(3)", reason: String(cString: strerror(errno)))
        }
        defer { freeifaddrs(first) }
        return sequence(first: first, next: { $0?.pointee.ifa_next }).compactMap {
            $0.flatMap { LocalAddress($0.pointee) }
        }
    }

    /// One entry of the C library's list; `nil` for one without an address of IPv4 or IPv6.
    init?(_ entry: ifaddrs) {
        guard let address = entry.ifa_addr.flatMap(Self.address) else { return nil }
        interface = String(cString: entry.ifa_name)
        self.address = address
        prefixLength = entry.ifa_netmask.flatMap(Self.prefixLength)
        isUp = entry.ifa_flags & UInt32(IFF_UP) != 0
    }

    static func address(_ pointer: UnsafeMutablePointer<sockaddr>) -> IPAddress? {
        let raw = UnsafeRawPointer(pointer)
        switch Int32(pointer.pointee.sa_family) {
        case AF_INET: return IPAddress(ipv4: UInt32(bigEndian: raw.loadUnaligned(as: sockaddr_in.self).sin_addr.s_addr))
        case AF_INET6: return IPAddress(raw.loadUnaligned(as: sockaddr_in6.self).sin6_addr)
        default: return nil
        }
    }

    private static func prefixLength(_ pointer: UnsafeMutablePointer<sockaddr>) -> Int? {
        let raw = UnsafeRawPointer(pointer)
        switch Int32(pointer.pointee.sa_family) {
        case AF_INET: return raw.loadUnaligned(as: sockaddr_in.self).sin_addr.s_addr.nonzeroBitCount
        case AF_INET6:
            return withUnsafeBytes(of: raw.loadUnaligned(as: sockaddr_in6.self).sin6_addr) { bytes in
                bytes.reduce(0) { $0 + $1.nonzeroBitCount }
            }
        default: return nil
        }
    }
}
