import Glibc

/// The processor time of the calling thread, for measuring what a piece of work costs (clock_gettime(2) with
/// `CLOCK_THREAD_CPUTIME_ID`).
public enum ThreadTime {
    /// The time so far, in steps of a nanosecond.
    ///
    /// - Throws: ``MachineError/Code/unavailable`` where the system call fails.
    public static func current() throws(MachineError) -> Duration {
        var time = timespec()
        guard clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time) == 0 else {
            throw MachineError(code: .unavailable, path: "clock_gettime(2)", reason: String(cString: strerror(errno)))
        }
        return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
    }
}
