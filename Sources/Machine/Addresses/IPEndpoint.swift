/// One end of a connection: an address and a port.
public struct IPEndpoint: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The address.
    public var address: IPAddress
    /// The port; 0 for none.
    public var port: UInt16

    /// Names an endpoint.
    public init(address: IPAddress, port: UInt16) {
        self.address = address
        self.port = port
    }

    /// Reads `192.0.2.1:443` and `[2001:db8::1]:443`; `nil` for anything else.
    public init?(_ text: String) {
        guard let colon = text.lastIndex(of: ":") else { return nil }
        let digits = text[text.index(after: colon)...]
        guard digits.allSatisfy({ $0.isASCII && $0.isNumber }), let port = UInt16(digits) else { return nil }
        var host = text[..<colon]
        let isBracketed = host.hasPrefix("[") && host.hasSuffix("]")
        if isBracketed { host = host.dropFirst().dropLast() }
        guard host.contains(":") == isBracketed, let address = IPAddress(String(host)) else { return nil }
        self.init(address: address, port: port)
    }

    /// By address, then by port.
    public static func < (left: IPEndpoint, right: IPEndpoint) -> Bool {
        (left.address, left.port) < (right.address, right.port)
    }

    /// `192.0.2.1:443`, `[2001:db8::1]:443`.
    public var description: String {
        address.ipv4Bits == nil ? "[\(address)]:\(port)" : "\(address):\(port)"
    }
}
