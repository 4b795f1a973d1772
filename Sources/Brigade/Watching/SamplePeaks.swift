public import Machine

/// The highest and lowest figures of a job's samples; `nil` where no sample knew one.
public struct SamplePeaks: Sendable, Hashable {
    /// The most descriptors that were open.
    public private(set) var descriptors: Int?
    /// The most connections to the job's addresses, in all states.
    public private(set) var sockets: Int?
    /// The fewest local ports that were left towards one of the addresses.
    public private(set) var lowestPortsLeft: Int?
    /// The most memory that was resident.
    public private(set) var resident: ByteCount?
    /// The most requests a second between two samples.
    public private(set) var requestsPerSecond = 0.0

    /// Figures of no sample.
    public init() {}

    /// Takes a sample into account.
    public mutating func add(_ sample: MachineSample) {
        descriptors = [descriptors, sample.descriptors].compactMap(\.self).max()
        sockets = [sockets, sample.socketCount].compactMap(\.self).max()
        lowestPortsLeft = [lowestPortsLeft, sample.portsLeft].compactMap(\.self).min()
        resident = [resident, sample.resident].compactMap(\.self).max()
        requestsPerSecond = max(requestsPerSecond, sample.requestsPerSecond)
    }
}
