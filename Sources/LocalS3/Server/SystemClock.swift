import Foundation

/// The machine's clock.
enum SystemClock {
    /// The time now, to the millisecond.
    static func now() -> Timestamp {
        var time = timespec()
        // It can't fail for this clock and a valid pointer.
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
    }
}
