/// An amount of memory or storage, exact to the byte.
public struct ByteCount: Sendable, Hashable, Comparable, Codable, CustomStringConvertible {
    /// The number of bytes.
    public var bytes: UInt64

    /// Creates an amount of bytes.
    public init(bytes: UInt64) {
        self.bytes = bytes
    }

    /// An amount of kibibytes (1,024 bytes), which the kernel prints as `kB`; `nil` above 2⁶⁴ bytes.
    public init?(kibibytes: UInt64) {
        let (bytes, overflow) = kibibytes.multipliedReportingOverflow(by: 1_024)
        guard !overflow else { return nil }
        self.bytes = bytes
    }

    /// Reads the number of bytes as a bare number.
    public init(from decoder: any Decoder) throws {
        bytes = try decoder.singleValueContainer().decode(UInt64.self)
    }

    /// Writes the number of bytes as a bare number.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(bytes)
    }

    /// Whether the left amount is the smaller one.
    public static func < (left: ByteCount, right: ByteCount) -> Bool {
        left.bytes < right.bytes
    }

    /// The amount in the largest binary unit (IEC 80000-13) that it reaches, with one decimal unless it is whole, cut
    /// rather than rounded: `512 B`, `8 MiB`, `23.5 GiB`.
    public var description: String {
        let units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"]
        var power = 0
        while power < units.count - 1, bytes >> (10 * UInt64(power + 1)) > 0 { power += 1 }
        let unit: UInt64 = 1 << (10 * UInt64(power))
        let (whole, rest) = bytes.quotientAndRemainder(dividingBy: unit)
        if rest == 0 { return "\(whole) \(units[power])" }
        let tenths = rest.multipliedFullWidth(by: 10)
        return "\(whole).\(unit.dividingFullWidth(tenths).quotient) \(units[power])"
    }
}
