/// How much processor time a control group may have; used up, its threads wait for the next period.
public struct ProcessorQuota: Sendable, Hashable {
    /// The time of all processors together in one period.
    public var time: Duration
    /// The length of a period.
    public var period: Duration
    /// The path of the file with the limit.
    public var path: String

    /// Creates a quota.
    public init(time: Duration, period: Duration, path: String) {
        self.time = time
        self.period = period
        self.path = path
    }

    /// The quota as a number of processors, 1.5 for one and a half.
    public var processors: Double { time / period }
}
