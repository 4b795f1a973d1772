internal import S3Client

/// The descriptors that Swift's runtime opens by itself, and that it cannot do without.
enum RuntimeDescriptors {
    /// What a first sleep may open: Dispatch's `epoll` and `eventfd`, and the `timerfd` of the clock.
    private static let count = 3

    /// Opens them now, so that they are there for as long as the process lives.
    ///
    /// Dispatch, which wakes sleeping tasks, opens a timer of the kernel (timerfd_create(2)) when a clock is first slept
    /// on. Where no descriptor is left at that moment, it ends the process with SIGILL. A job sleeps on the continuous
    /// clock only. Where there are too few descriptors now, nothing is done: no job can begin with so few.
    static func open() async {
        guard DescriptorReserve(count).restore() == nil else { return }
        // Whoever cancelled the task will not want the job either.
        try? await Task.sleep(for: .nanoseconds(1))
    }
}
