/// What pacing did to a job.
public struct FlowFigures: Sendable, Hashable {
    /// The most requests that were under way at once.
    public var highestConcurrency = 0
    /// How many may be under way now.
    public var concurrencyLimit = 0
    /// Answers that asked for fewer requests.
    public var throttled = 0
    /// Objects that were sent again after a failure, each time counted.
    public var repeated = 0
    /// The parts of the keyspace that are throttled now.
    public var throttledRegions = 0
    /// For how long objects waited only because of a ceiling that the user set.
    public var timeAtCeiling = Duration.zero

    /// Nothing done yet.
    public init() {}
}
