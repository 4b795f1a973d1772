import Glibc

/// An address of IPv4 or IPv6, without a zone.
///
/// An IPv4-mapped address of IPv6 (`::ffff:192.0.2.1`, RFC 4291, 2.5.5.2) is the IPv4 address that it stands for: the
/// kernel speaks IPv4 with it, and its connections share the ports of IPv4's.
public struct IPAddress: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The 128 bits of IPv6, the IPv4 addresses in their mapped form.
    private var high: UInt64
    private var low: UInt64

    /// An address of IPv4 from its 32 bits: `0x7F00_0001` is 127.0.0.1.
    public init(ipv4 bits: UInt32) {
        high = 0
        low = 0xFFFF_0000_0000 | UInt64(bits)
    }

    /// An address of IPv6 from its 128 bits, the first 64 in `high`; a mapped one becomes an address of IPv4.
    public init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// Reads an address as inet_pton(3) does: `192.0.2.1`, `2001:db8::1`; `nil` for anything else, a zone among it.
    public init?(_ text: String) {
        var ipv4 = in_addr()
        if inet_pton(AF_INET, text, &ipv4) == 1 {
            self.init(ipv4: UInt32(bigEndian: ipv4.s_addr))
            return
        }
        var ipv6 = in6_addr()
        guard inet_pton(AF_INET6, text, &ipv6) == 1 else { return nil }
        self.init(ipv6)
    }

    /// Takes an address from the C library's structure.
    init(_ address: in6_addr) {
        let (high, low) = withUnsafeBytes(of: address) {
            ($0.loadUnaligned(as: UInt64.self), $0.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
        }
        self.init(high: UInt64(bigEndian: high), low: UInt64(bigEndian: low))
    }

    /// The 32 bits of an IPv4 address, a mapped one among them; `nil` for IPv6.
    public var ipv4Bits: UInt32? {
        high == 0 && low >> 32 == 0xFFFF ? UInt32(truncatingIfNeeded: low) : nil
    }

    /// Whether packets for this address never leave the machine: 127.0.0.0/8 and `::1` (RFC 1122, RFC 4291).
    public var isLoopback: Bool {
        if let ipv4Bits { return ipv4Bits >> 24 == 127 }
        return high == 0 && low == 1
    }

    /// Whether this stands for no address at all: `0.0.0.0` and `::`.
    public var isUnspecified: Bool { ipv4Bits == 0 || high == 0 && low == 0 }

    /// IPv4 before IPv6, then by their bits.
    public static func < (left: IPAddress, right: IPAddress) -> Bool {
        let (leftIsLater, rightIsLater) = (left.ipv4Bits == nil, right.ipv4Bits == nil)
        if leftIsLater != rightIsLater { return rightIsLater }
        return (left.high, left.low) < (right.high, right.low)
    }

    /// The address in the C library's structure for IPv6, an IPv4 address in its mapped form.
    var in6Address: in6_addr {
        var address = in6_addr()
        withUnsafeMutableBytes(of: &address) {
            $0.storeBytes(of: high.bigEndian, as: UInt64.self)
            $0.storeBytes(of: low.bigEndian, toByteOffset: 8, as: UInt64.self)
        }
        return address
    }

    /// The address as inet_ntop(3) writes it: `192.0.2.1`, `2001:db8::1`.
    public var description: String {
        if let bits = ipv4Bits {
            return "\(bits >> 24).\(bits >> 16 & 0xFF).\(bits >> 8 & 0xFF).\(bits & 0xFF)"
        }
        var address = in6Address
        return withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(INET6_ADDRSTRLEN)) { buffer in
            guard let text = inet_ntop(AF_INET6, &address, buffer.baseAddress, UInt32(buffer.count)) else {
                preconditionFailure("INET6_ADDRSTRLEN bytes hold every address")
            }
            return String(cString: text)
        }
    }
}
