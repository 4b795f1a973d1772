/// A set of ports in 8 KiB, however many there are.
public struct PortSet: Sendable, Hashable {
    private var words = [UInt64](repeating: 0, count: 1 << 10)

    /// An empty set.
    public init() {}

    /// The number of ports.
    public var count: Int { words.reduce(0) { $0 + $1.nonzeroBitCount } }

    /// Whether a port is in the set.
    public func contains(_ port: UInt16) -> Bool {
        words[Int(port >> 6)] & Self.bit(port) != 0
    }

    /// Puts a port into the set; one that is there already stays.
    public mutating func insert(_ port: UInt16) {
        words[Int(port >> 6)] |= Self.bit(port)
    }

    /// Takes the ports of another set away.
    public mutating func subtract(_ other: PortSet) {
        for index in words.indices { words[index] &= ~other.words[index] }
    }

    private static func bit(_ port: UInt16) -> UInt64 { 1 << UInt64(port & 63) }
}
