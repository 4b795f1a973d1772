/// What a process can be limited in, in the order of `/proc/PID/limits` (getrlimit(2), proc_pid_limits(5)).
public enum Resource: Int, Sendable, Hashable, CaseIterable {
    /// `RLIMIT_CPU`: processor time, in seconds.
    case processorTime
    /// `RLIMIT_FSIZE`: the size of a file that the process writes, in bytes.
    case fileSize
    /// `RLIMIT_DATA`: initialised and uninitialised data and heap, in bytes.
    case dataSize
    /// `RLIMIT_STACK`: the main thread's stack, in bytes.
    case stackSize
    /// `RLIMIT_CORE`: the size of a core dump, in bytes.
    case coreFileSize
    /// `RLIMIT_RSS`: resident memory, in bytes; not enforced since Linux 2.4.30.
    case residentSet
    /// `RLIMIT_NPROC`: threads of the user, in all processes.
    case processes
    /// `RLIMIT_NOFILE`: descriptors; a soft limit of N allows the numbers 0 to N − 1.
    case openFiles
    /// `RLIMIT_MEMLOCK`: memory locked into RAM, in bytes.
    case lockedMemory
    /// `RLIMIT_AS`: virtual memory, in bytes.
    case addressSpace
    /// `RLIMIT_LOCKS`: file locks; not enforced since Linux 2.4.25.
    case fileLocks
    /// `RLIMIT_SIGPENDING`: queued signals of the user.
    case pendingSignals
    /// `RLIMIT_MSGQUEUE`: POSIX message queues of the user, in bytes.
    case messageQueues
    /// `RLIMIT_NICE`: 20 less the lowest nice value that may be set.
    case nicePriority
    /// `RLIMIT_RTPRIO`: the highest real-time priority.
    case realtimePriority
    /// `RLIMIT_RTTIME`: processor time without a blocking call under real-time scheduling, in microseconds.
    case realtimeTimeout

    /// The name in the first column of `/proc/PID/limits` (`lnames` in the kernel's fs/proc/base.c).
    var kernelName: String {
        switch self {
        case .processorTime: "Max cpu time"
        case .fileSize: "Max file size"
        case .dataSize: "Max data size"
        case .stackSize: "Max stack size"
        case .coreFileSize: "Max core file size"
        case .residentSet: "Max resident set"
        case .processes: "Max processes"
        case .openFiles: "Max open files"
        case .lockedMemory: "Max locked memory"
        case .addressSpace: "Max address space"
        case .fileLocks: "Max file locks"
        case .pendingSignals: "Max pending signals"
        case .messageQueues: "Max msgqueue size"
        case .nicePriority: "Max nice priority"
        case .realtimePriority: "Max realtime priority"
        case .realtimeTimeout: "Max realtime timeout"
        }
    }
}
