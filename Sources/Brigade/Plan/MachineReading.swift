public import Machine

/// One look at everything on a machine that can limit connections: each a value, or the error that kept it from being
/// known.
///
/// ``take(towards:from:in:)`` looks; a test makes one up.
public struct MachineReading: Sendable {
    /// A way that connections take: to one remote address and port, from one local address.
    public struct Way: Sendable, Hashable {
        /// The other end.
        public var remote: IPEndpoint
        /// The local address; `nil` where there is no route to the other end.
        public var source: IPAddress?
        /// The local ports that the kernel gives to connections, less those that are reserved, listened on or bound.
        public var available: Int
        /// How many of them connections of this way have, of whatever process, those in TIME_WAIT included.
        public var used: Int
        /// How many are in TIME_WAIT, and come free within a minute.
        public var timeWait: Int

        /// Creates a record from its parts.
        public init(remote: IPEndpoint, source: IPAddress?, available: Int, used: Int, timeWait: Int) {
            self.remote = remote
            self.source = source
            self.available = available
            self.used = used
            self.timeWait = timeWait
        }
    }

    /// This process's limit on descriptors, its soft one raised already.
    public var descriptorLimit: Result<ResourceLimit, MachineError>
    /// The descriptors that this process has open.
    public var descriptorsInUse: Result<Int, MachineError>
    /// The open files of the whole system.
    public var system: Result<SystemDescriptors, MachineError>
    /// The ways to the endpoint; empty where no address is known.
    public var ways: Result<[Way], MachineError>
    /// The machine's memory.
    public var memory: Result<SystemMemory, MachineError>
    /// What the control groups allow.
    public var controlGroups: Result<ControlGroupLimits, MachineError>
    /// The entries of the packet filter; `nil` where it tracks no connections.
    public var tracking: Result<ConnectionTracking?, MachineError>

    /// Creates a reading from its parts.
    public init(
        descriptorLimit: Result<ResourceLimit, MachineError>,
        descriptorsInUse: Result<Int, MachineError>,
        system: Result<SystemDescriptors, MachineError>,
        ways: Result<[Way], MachineError>,
        memory: Result<SystemMemory, MachineError>,
        controlGroups: Result<ControlGroupLimits, MachineError>,
        tracking: Result<ConnectionTracking?, MachineError>
    ) {
        self.descriptorLimit = descriptorLimit
        self.descriptorsInUse = descriptorsInUse
        self.system = system
        self.ways = ways
        self.memory = memory
        self.controlGroups = controlGroups
        self.tracking = tracking
    }
}
