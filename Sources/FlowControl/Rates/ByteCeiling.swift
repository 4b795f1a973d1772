/// Keeps the bytes that are begun each second below a bound.
///
/// An object goes whole: it begins when those before it are paid for, and the next one when it is. So during any time,
/// what begins is at most the bound times that time and one object.
public struct ByteCeiling: Sendable {
    /// What timers may be late without that the rate suffers.
    private static let lateness = Duration.milliseconds(20)

    private let perByte: Double
    private var next: Duration

    /// A ceiling with nothing to pay for.
    ///
    /// - Parameters:
    ///   - perSecond: The most bytes a second, at least 1.
    ///   - now: The time since any fixed moment, as in every later call.
    public init(perSecond: Int, at now: Duration) {
        precondition(perSecond >= 1, "a ceiling lets something through")
        perByte = 1 / Double(perSecond)
        next = now
    }

    /// When the next object may begin.
    public var nextLeave: Duration { next }

    /// An object begins, at or after ``nextLeave``.
    public mutating func take(_ bytes: Int, at now: Duration) {
        next = max(next, now - Self.lateness) + time(for: bytes)
    }

    /// An object that began was not copied after all, and nothing of it was asked for.
    public mutating func giveBack(_ bytes: Int) {
        next -= time(for: bytes)
    }

    private func time(for bytes: Int) -> Duration {
        // A server may claim any size; in a hundred years the job is over.
        .seconds(min(Double(max(0, bytes)) * perByte, 3_000_000_000))
    }
}
