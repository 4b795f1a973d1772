import Glibc

/// The kernel's own totals, from `/proc/net/sockstat` and `sockstat6` (proc(5); `net/ipv4/proc.c` of Linux).
public struct SocketStatistics: Sendable, Hashable {
    /// Sockets of all kinds that processes have open in this network namespace.
    public var sockets: UInt64
    /// TCP sockets of IPv4 that are bound or connected in this namespace, without those in TIME_WAIT.
    public var tcpInUse: UInt64
    /// TCP sockets of IPv6, in the same way; `nil` where the kernel has no IPv6.
    public var tcp6InUse: UInt64?
    /// Sockets in TIME_WAIT in this namespace, of IPv4 and IPv6.
    public var timeWait: UInt64
    /// TCP connections of the whole machine that no process has open any more and that have not ended yet.
    public var orphaned: UInt64
    /// TCP sockets of the whole machine that exist in any state but TIME_WAIT.
    public var tcpAllocated: UInt64
    /// The memory of all TCP buffers of the whole machine, in pages; ``TCPSettings/memory`` is its limit.
    public var tcpMemory: ByteCount

    /// Parses both texts; lines and values that are not known are skipped.
    ///
    /// - Parameters:
    ///   - file: The text of `sockstat`.
    ///   - file6: The text of `sockstat6`; `nil` where there is none.
    ///   - pageSize: The size of a page in bytes.
    /// - Throws: ``MachineError/Code/malformed`` where a value is missing or not a number.
    init(parsing file: KernelText, ipv6 file6: KernelText?, pageSize: UInt64) throws(MachineError) {
        func value(_ name: String, of line: String, in file: KernelText) throws(MachineError) -> UInt64 {
            guard let (number, text) = try file.lines().first(where: { $0.text.hasPrefix(line + ": ") }) else {
                throw file.malformed("there is no \(line)")
            }
            let words = text.split(separator: " ")
            guard let index = words.firstIndex(of: name[...]), index + 1 < words.count else {
                throw file.malformed("there is no \(name)", line: number)
            }
            return try file.number(words[index + 1], line: number)
        }
        sockets = try value("used", of: "sockets", in: file)
        tcpInUse = try value("inuse", of: "TCP", in: file)
        orphaned = try value("orphan", of: "TCP", in: file)
        timeWait = try value("tw", of: "TCP", in: file)
        tcpAllocated = try value("alloc", of: "TCP", in: file)
        let (bytes, overflow) = try value("mem", of: "TCP", in: file).multipliedReportingOverflow(by: pageSize)
        guard !overflow else { throw file.malformed("the amount of memory is too large") }
        tcpMemory = ByteCount(bytes: bytes)
        if let file6 { tcp6InUse = try value("inuse", of: "TCP6", in: file6) }
    }

    /// The path of the file; that for IPv6 has a `6` at its end.
    public static func path(_ process: ProcessReference = .current, in files: KernelFiles = KernelFiles()) -> String {
        files.path(of: "net/sockstat", in: process)
    }

    /// Reads the totals of a process's network namespace.
    ///
    /// - Throws: ``MachineError`` where a file cannot be read or understood.
    public static func read(
        _ process: ProcessReference = .current,
        in files: KernelFiles = KernelFiles()
    ) throws(MachineError) -> SocketStatistics {
        try SocketStatistics(
            parsing: KernelFiles.text(at: path(process, in: files)),
            ipv6: KernelFiles.textIfPresent(at: path(process, in: files) + "6"),
            pageSize: UInt64(getpagesize())
        )
    }
}
