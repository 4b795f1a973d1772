/// How long to wait between two samples, so that watching costs next to nothing.
///
/// The kernel goes through the sockets of the whole network to count those of one job, which takes long where there are
/// hundreds of thousands.
struct SamplePacing: Sendable {
    /// The distance of samples that cost little.
    static let shortest = Duration.seconds(1)
    /// The distance at most, whatever they cost.
    static let longest = Duration.seconds(60)
    /// The part of a processor that watching may take: one in so many, a quarter of a percent.
    static let share = 400

    /// How long to wait after a sample.
    ///
    /// - Parameter cost: The processor time that the sample took.
    /// - Returns: The pause, from ``shortest`` to ``longest``.
    static func pause(after cost: Duration) -> Duration {
        min(longest, max(shortest, cost * share))
    }
}
