import Allocations
import Glibc

/// What reading one kind of page cost.
struct Measurement {
    /// CPU time of the reading thread for one page, the median of the rounds, in nanoseconds.
    let nanoseconds: Double
    /// Calls of the allocator for one page.
    let allocations: Int

    /// Keys in one second of CPU time, that is on one core.
    var keysPerSecond: Double { Double(PageKind.count) / nanoseconds * 1e9 }

    /// Reads pages again and again.
    ///
    /// - Parameters:
    ///   - rounds: How often to measure.
    ///   - seconds: CPU time of one round, at least.
    ///   - read: Reads one page.
    init(rounds: Int, seconds: Double, _ read: () throws -> Void) rethrows {
        // The first page also pays for what is made once a process.
        try read()
        let before = allocations_so_far()
        try read()
        allocations = Int(allocations_so_far() - before)

        var figures: [Double] = []
        for _ in 0..<rounds {
            let start = Self.threadTime()
            var time = 0.0
            var pages = 0
            while time < seconds * 1e9 {
                for _ in 0..<10 { try read() }
                pages += 10
                time = Self.threadTime() - start
            }
            figures.append(time / Double(pages))
        }
        nanoseconds = figures.sorted()[rounds / 2]
    }

    /// CPU time of this thread in nanoseconds: what other processes take of the core does not count.
    private static func threadTime() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) * 1e9 + Double(time.tv_nsec)
    }
}
