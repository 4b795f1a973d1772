import Glibc

/// What this process has used since it began (getrusage(2) with `RUSAGE_SELF`, all threads).
public struct ResourceUsage: Sendable, Hashable {
    /// Processor time in the process's own code.
    public var userTime: Duration
    /// Processor time in the kernel on the process's behalf.
    public var systemTime: Duration
    /// The most memory that was resident at a time.
    public var peakResident: ByteCount
    /// How often the process gave up the processor to wait for something.
    public var voluntaryContextSwitches: UInt64
    /// How often the processor was taken from it.
    public var involuntaryContextSwitches: UInt64

    /// Creates a record from its parts.
    public init(
        userTime: Duration,
        systemTime: Duration,
        peakResident: ByteCount,
        voluntaryContextSwitches: UInt64,
        involuntaryContextSwitches: UInt64
    ) {
        self.userTime = userTime
        self.systemTime = systemTime
        self.peakResident = peakResident
        self.voluntaryContextSwitches = voluntaryContextSwitches
        self.involuntaryContextSwitches = involuntaryContextSwitches
    }

    /// The figures of this moment.
    ///
    /// - Throws: ``MachineError/Code/unavailable`` where the system call fails.
    public static func current() throws(MachineError) -> ResourceUsage {
        var usage = rusage()
        guard getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage) == 0 else {
            throw MachineError(code: .unavailable, path: "getrusage(2)", reason: String(cString: strerror(errno)))
        }
        // ru_maxrss is in kibibytes on Linux.
        guard let peak = UInt64(exactly: usage.ru_maxrss).flatMap({ ByteCount(kibibytes: $0) }) else {
            throw MachineError(code: .malformed, path: "getrusage(2)", reason: "ru_maxrss is \(usage.ru_maxrss)")
        }
        return ResourceUsage(
            userTime: duration(usage.ru_utime),
            systemTime: duration(usage.ru_stime),
            peakResident: peak,
            voluntaryContextSwitches: UInt64(usage.ru_nvcsw),
            involuntaryContextSwitches: UInt64(usage.ru_nivcsw)
        )
    }

    private static func duration(_ time: timeval) -> Duration {
        .seconds(time.tv_sec) + .microseconds(time.tv_usec)
    }
}
