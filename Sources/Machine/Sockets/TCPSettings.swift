import Glibc

/// The kernel's settings that decide how many TCP connections a machine can have (tcp(7); "ip-sysctl" of the kernel's
/// documentation), for a network namespace.
public struct TCPSettings: Sendable, Hashable {
    /// `net.ipv4.tcp_tw_reuse`: whether a new outgoing connection may take over a local port that is in TIME_WAIT
    /// towards the same address and port.
    public enum TimeWaitReuse: UInt64, Sendable, Hashable, CaseIterable, CustomStringConvertible {
        /// Never.
        case never
        /// After a second, where both sides send timestamps (RFC 6191).
        case always
        /// In the same way, but for connections to this machine itself only; the default.
        case loopbackOnly

        /// The setting as a phrase.
        public var description: String {
            switch self {
            case .never: "never"
            case .always: "always"
            case .loopbackOnly: "loopback only"
            }
        }
    }

    /// The limits of the memory of all TCP buffers of the machine.
    public struct Memory: Sendable, Hashable {
        /// Below, the kernel does not save memory.
        public var low: ByteCount
        /// Above, it does.
        public var pressure: ByteCount
        /// At this, new data and sockets are refused (`TCP: out of memory`).
        public var maximum: ByteCount
    }

    /// `net.ipv4.tcp_tw_reuse`; only outgoing connections profit from it, and only with ``timestamps``.
    public var timeWaitReuse: TimeWaitReuse
    /// `net.ipv4.tcp_timestamps`: whether connections carry timestamps, if their peers do too.
    public var timestamps: Bool
    /// `net.ipv4.tcp_max_tw_buckets`: sockets in TIME_WAIT at most; one more is destroyed at once, with a warning.
    public var maximumTimeWait: UInt64
    /// `net.ipv4.tcp_fin_timeout`: how long a connection that no process has open any more stays in FIN_WAIT_2.
    ///
    /// It has no effect on TIME_WAIT, which lasts 60 seconds (`TCP_TIMEWAIT_LEN`).
    public var finTimeout: Duration
    /// `net.core.somaxconn`: connections that may wait to be accepted on a listening socket, at most.
    public var maximumBacklog: UInt64
    /// `net.ipv4.tcp_mem`; `nil` in any network namespace but the first, where the kernel does not show it.
    public var memory: Memory?

    /// The path of the folder of most settings.
    public static func path(in files: KernelFiles = KernelFiles()) -> String { "\(files.proc)/sys/net/ipv4" }

    /// Reads the settings of this process's network namespace.
    ///
    /// - Throws: ``MachineError`` where a file cannot be read or understood.
    public static func read(in files: KernelFiles = KernelFiles()) throws(MachineError) -> TCPSettings {
        let folder = path(in: files)
        let reuse = try KernelFiles.text(at: "\(folder)/tcp_tw_reuse")
        guard let timeWaitReuse = TimeWaitReuse(rawValue: try reuse.number()) else {
            throw reuse.malformed("expected 0, 1 or 2", line: 1)
        }
        let timeout = try KernelFiles.text(at: "\(folder)/tcp_fin_timeout")
        guard let seconds = Int64(exactly: try timeout.number()) else {
            throw timeout.malformed("the time is too long", line: 1)
        }
        let memory = try KernelFiles.textIfPresent(at: "\(folder)/tcp_mem")
        return TCPSettings(
            timeWaitReuse: timeWaitReuse,
            timestamps: try KernelFiles.text(at: "\(folder)/tcp_timestamps").number() != 0,
            maximumTimeWait: try KernelFiles.text(at: "\(folder)/tcp_max_tw_buckets").number(),
            finTimeout: .seconds(seconds),
            maximumBacklog: try KernelFiles.text(at: "\(files.proc)/sys/net/core/somaxconn").number(),
            memory: try memory.map { (file) throws(MachineError) in
                try Memory(parsing: file, pageSize: UInt64(getpagesize()))
            }
        )
    }
}

extension TCPSettings.Memory {
    /// Parses `tcp_mem`: three numbers of pages.
    ///
    /// - Throws: ``MachineError/Code/malformed`` for anything else.
    init(parsing file: KernelText, pageSize: UInt64) throws(MachineError) {
        let words = try file.words()
        guard words.count == 3 else { throw file.malformed("expected three numbers", line: 1) }
        func pages(_ word: Substring) throws(MachineError) -> UInt64 { try file.number(word, line: 1) }
        func amount(_ word: Substring) throws(MachineError) -> ByteCount {
            let (bytes, overflow) = try pages(word).multipliedReportingOverflow(by: pageSize)
            guard !overflow else { throw file.malformed("the amount of memory is too large", line: 1) }
            return ByteCount(bytes: bytes)
        }
        self.init(low: try amount(words[0]), pressure: try amount(words[1]), maximum: try amount(words[2]))
    }
}
