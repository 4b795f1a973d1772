public import Machine

/// What a job used of its machine at one moment.
///
/// What could not be read is `nil`, never 0. As JSON, times are seconds and amounts of memory bytes.
public struct MachineSample: Sendable, Hashable {
    /// Since the watching began.
    public var elapsed: Duration
    /// Descriptors that this process has open.
    public var descriptors: Int?
    /// Connections to the job's addresses and ports, of whatever process, by the state's name: `established`,
    /// `time-wait`; states without any are left out.
    public var sockets: [String: Int]?
    /// The fewest local ports that are left towards one of the addresses.
    public var portsLeft: Int?
    /// Connections that the client has open.
    public var connectionsOpen = 0
    /// Connections that it has opened so far.
    public var connectionsOpened = 0
    /// Connections that were closed so far, by either side.
    public var connectionsClosed = 0
    /// Requests so far that used a connection which had carried one before.
    public var connectionsReused = 0
    /// Requests sent so far, repetitions among them.
    public var requests = 0
    /// Requests a second since the sample before this one.
    public var requestsPerSecond = 0.0
    /// Processor time of this process so far, in its own code and in the kernel.
    public var processorTime: Duration?
    /// Resident memory of this process.
    public var resident: ByteCount?

    /// A sample in which nothing is known but the time.
    public init(elapsed: Duration) {
        self.elapsed = elapsed
    }

    /// The connections to the job's addresses in all states; `nil` where they could not be counted.
    public var socketCount: Int? { sockets.map { $0.values.reduce(0, +) } }

    /// The connections in TIME_WAIT; `nil` where they could not be counted.
    public var timeWait: Int? { sockets.map { $0["\(TCPState.timeWait)"] ?? 0 } }
}
