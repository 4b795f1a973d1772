/// The local ports that the kernel gives to outgoing connections (ip(7); ip-sysctl of the kernel's documentation).
///
/// Both settings belong to the network namespace and hold for IPv4 and IPv6. A connection is identified by local and
/// remote address and port, so this is how many one local address can have to one remote address and port.
public struct LocalPortRange: Sendable, Hashable {
    /// `net.ipv4.ip_local_port_range`: the first and the last port, both inclusive.
    public var range: ClosedRange<UInt16>
    /// `net.ipv4.ip_local_reserved_ports`: ports that are not given out by themselves, as ranges in ascending order,
    /// inside ``range`` or not.
    public var reserved: [ClosedRange<UInt16>]

    /// How many ports can be given out: those of ``range`` that are not ``reserved``.
    public var usableCount: Int {
        reserved.reduce(range.count) { $0 - ($1.overlaps(range) ? $1.clamped(to: range).count : 0) }
    }

    /// The ports that can be given out.
    public var usable: PortSet {
        var ports = PortSet()
        for port in range { ports.insert(port) }
        var taken = PortSet()
        for port in reserved.joined() { taken.insert(port) }
        ports.subtract(taken)
        return ports
    }

    /// Parses both files; that of the reserved ports may be an empty line.
    ///
    /// - Throws: ``MachineError/Code/malformed`` for anything but two ports in order, and a list of ports and ranges
    ///   that ascend.
    init(range file: KernelText, reserved reservedFile: KernelText) throws(MachineError) {
        let words = try file.words()
        guard words.count == 2 else { throw file.malformed("expected two ports", line: 1) }
        range = try Self.range(words[0], words[1], file)
        reserved = []
        for item in try reservedFile.words().flatMap({ $0.split(separator: ",", omittingEmptySubsequences: false) }) {
            let ends = item.split(separator: "-", omittingEmptySubsequences: false)
            guard let first = ends.first, let last = ends.last, ends.count <= 2 else {
                throw reservedFile.malformed("expected a port or a range", line: 1)
            }
            let next = try Self.range(first, last, reservedFile)
            if let previous = reserved.last, previous.upperBound >= next.lowerBound {
                throw reservedFile.malformed("the ports do not ascend", line: 1)
            }
            reserved.append(next)
        }
    }

    /// The path of the file with the range.
    public static func path(in files: KernelFiles = KernelFiles()) -> String {
        "\(files.proc)/sys/net/ipv4/ip_local_port_range"
    }

    /// The path of the file with the reserved ports.
    public static func reservedPath(in files: KernelFiles = KernelFiles()) -> String {
        "\(files.proc)/sys/net/ipv4/ip_local_reserved_ports"
    }

    /// Reads the settings of this process's network namespace.
    ///
    /// - Throws: ``MachineError`` where a file cannot be read or understood.
    public static func read(in files: KernelFiles = KernelFiles()) throws(MachineError) -> LocalPortRange {
        try LocalPortRange(
            range: KernelFiles.text(at: path(in: files)),
            reserved: KernelFiles.text(at: reservedPath(in: files))
        )
    }

    private static func range(
        _ first: Substring,
        _ last: Substring,
        _ file: KernelText
    ) throws(MachineError) -> ClosedRange<UInt16> {
        let lower: UInt16 = try file.number(first, line: 1)
        let upper: UInt16 = try file.number(last, line: 1)
        guard lower <= upper else { throw file.malformed("the first port is above the last", line: 1) }
        return lower...upper
    }
}
