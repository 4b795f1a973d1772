internal import Brigade
internal import Machine

/// What a job used of its machine, as a summary in JSON tells it; what is not known is left out.
struct MachineDocument: Encodable {
    private let samples: Int
    private let peakDescriptors: Int?
    private let peakSockets: Int?
    private let lowestPortsLeft: Int?
    private let peakResidentBytes: UInt64?
    private let peakRequestsPerSecond: Double
    private let timeWaitAtEnd: Int?
    private let processorSeconds: Double?

    init(_ series: SampleSeries) {
        samples = series.added
        peakDescriptors = series.peaks.descriptors
        peakSockets = series.peaks.sockets
        lowestPortsLeft = series.peaks.lowestPortsLeft
        peakResidentBytes = series.peaks.resident?.bytes
        peakRequestsPerSecond = (series.peaks.requestsPerSecond * 10).rounded() / 10
        timeWaitAtEnd = series.latest?.timeWait
        processorSeconds = series.latest?.processorTime?.roundedSeconds
    }
}
