internal import Machine

/// How many connections a machine allows to an endpoint, and which limit decides: made from a ``MachineReading``, and
/// from nothing else.
///
/// Every limit has a margin, since this process is not alone and a figure is old as soon as it is read.
public struct ConnectionBudget: Sendable, Hashable {
    /// Descriptors kept free for event loops, name lookups and files.
    ///
    /// Running out of them shows first in name lookups, which need a socket too.
    static let descriptorsKeptFree = 32
    /// Of shared tables (open files of the system, entries of the packet filter), one part in so many is left to others.
    static let sharedPart: UInt64 = 20
    /// Of the local ports towards an address, one in so many is left to others.
    static let portPart = 32
    /// Of the memory that is there, one part in so many is left to others.
    static let memoryPart: UInt64 = 4
    /// What a job needs without any connection: the program, the pages that wait, the listing's bookkeeping.
    static let memoryOfJob: UInt64 = 64 << 20
    /// What a connection needs beside: see docs/OPERATIONS.md, "Memory", for how it was measured.
    static let memoryOfConnection: (plain: UInt64, tls: UInt64) = (32 << 10, 96 << 10)

    /// The limits, one for each ``ConnectionLimit/Kind`` that applies, in the order of their kinds.
    public let limits: [ConnectionLimit]
    /// The ways to the endpoint that the ports were counted for; empty where they are not known.
    public let ways: [MachineReading.Way]

    /// Draws the budget up.
    ///
    /// - Parameters:
    ///   - reading: What the machine says.
    ///   - usesTLS: Whether connections carry TLS, which needs more memory.
    public init(_ reading: MachineReading, usesTLS: Bool) {
        let perConnection = usesTLS ? Self.memoryOfConnection.tls : Self.memoryOfConnection.plain
        ways = (try? reading.ways.get()) ?? []
        limits = [
            Self.descriptors(reading), Self.systemDescriptors(reading), Self.ports(reading),
            Self.memory(reading, perConnection), Self.controlGroupMemory(reading, perConnection),
            Self.tracking(reading),
        ].compactMap(\.self)
    }

    /// The limit that permits the fewest connections, the first of several; `nil` where nothing limits them.
    public var binding: ConnectionLimit? {
        limits.filter { $0.connections != nil }.min { ($0.connections ?? 0) < ($1.connections ?? 0) }
    }

    /// How many connections the machine allows, beside those that are open; `nil` where nothing limits them.
    public var allows: Int? { binding?.connections }

    /// When connections are opened.
    enum Time {
        case now
        /// When the local ports that are in TIME_WAIT have come free.
        case later
    }

    /// How many connections the machine allows at a time; `nil` where nothing limits them.
    func allows(at time: Time) -> Int? {
        let ports = time == .later ? ports(of: ways, at: time) : nil
        return limits.compactMap { $0.kind == .localPorts ? ports ?? $0.connections : $0.connections }.min()
    }

    /// How many connections the local ports permit to some of the addresses; `nil` for none, or where it is not known.
    func ports(towards remotes: [IPEndpoint], at time: Time) -> Int? {
        ports(of: ways.filter { remotes.contains($0.remote) }, at: time)
    }

    private func ports(of ways: [MachineReading.Way], at time: Time) -> Int? {
        if ways.isEmpty { return nil }
        return ways.reduce(0) { sum, way in
            let used = time == .later ? way.used - way.timeWait : way.used
            return sum + max(0, way.available - used - Self.margin(of: way))
        }
    }

    private static func margin(of way: MachineReading.Way) -> Int { way.available / portPart }

    // MARK: Single limits

    private static func descriptors(_ reading: MachineReading) -> ConnectionLimit {
        let source = "getrlimit(2), /proc/self/fd"
        do {
            let limit = try reading.descriptorLimit.get()
            let inUse = UInt64(try reading.descriptorsInUse.get())
            let kept = UInt64(descriptorsKeptFree)
            guard let maximum = limit.soft.value else {
                return .init(kind: .descriptors, permits: .unlimited, inUse: inUse, keptFree: kept, source: source)
            }
            return .init(.descriptors, maximum: maximum, inUse: inUse, keptFree: kept, source: source)
        } catch {
            return .init(kind: .descriptors, permits: .unknown("\(error)"), source: source)
        }
    }

    private static func systemDescriptors(_ reading: MachineReading) -> ConnectionLimit {
        let source = SystemDescriptors.path()
        switch reading.system {
        case .success(let system):
            return .init(
                .systemDescriptors,
                maximum: system.maximum,
                inUse: system.inUse,
                keptFree: system.maximum / sharedPart,
                source: source
            )
        case .failure(let error):
            return .init(kind: .systemDescriptors, permits: .unknown("\(error)"), source: source)
        }
    }

    /// The ports of all ways together; each way has the margin of its own.
    private static func ports(_ reading: MachineReading) -> ConnectionLimit? {
        let source = LocalPortRange.path()
        switch reading.ways {
        case .success(let ways):
            if ways.isEmpty { return nil }
            var limit = ConnectionLimit(kind: .localPorts, permits: .connections(0), source: source)
            var (maximum, inUse, kept, comingFree, permitted) = (0, 0, 0, 0, 0)
            for way in ways {
                let margin = margin(of: way)
                maximum += way.available
                inUse += way.used
                kept += margin
                comingFree += way.timeWait
                permitted += max(0, way.available - way.used - margin)
            }
            limit.maximum = UInt64(maximum)
            limit.inUse = UInt64(inUse)
            limit.keptFree = UInt64(kept)
            limit.comingFree = UInt64(comingFree)
            limit.permits = .connections(permitted)
            return limit
        case .failure(let error):
            return .init(kind: .localPorts, permits: .unknown("\(error)"), source: source)
        }
    }

    private static func memory(_ reading: MachineReading, _ perConnection: UInt64) -> ConnectionLimit {
        let source = SystemMemory.path()
        switch reading.memory {
        case .success(let memory):
            let available = min(memory.available.bytes, memory.total.bytes)
            return .init(
                kind: .memory,
                permits: permission(ofMemory: available, perConnection),
                maximum: memory.total.bytes,
                inUse: memory.total.bytes - available,
                keptFree: available / memoryPart,
                source: source
            )
        case .failure(let error):
            return .init(kind: .memory, permits: .unknown("\(error)"), source: source)
        }
    }

    private static func controlGroupMemory(_ reading: MachineReading, _ perConnection: UInt64) -> ConnectionLimit {
        switch reading.controlGroups {
        case .success(let groups):
            guard let memory = groups.memory else {
                return .init(kind: .controlGroupMemory, permits: .unlimited, source: ControlGroupLimits.path())
            }
            let held = memory.inUse.bytes - min(memory.inUse.bytes, groups.reclaimableMemory?.bytes ?? 0)
            let room = memory.maximum.bytes - min(memory.maximum.bytes, held)
            return .init(
                kind: .controlGroupMemory,
                permits: permission(ofMemory: room, perConnection),
                maximum: memory.maximum.bytes,
                inUse: held,
                keptFree: room / memoryPart,
                source: memory.path
            )
        case .failure(let error):
            let source = ControlGroupLimits.path()
            return .init(kind: .controlGroupMemory, permits: .unknown("\(error)"), source: source)
        }
    }

    private static func tracking(_ reading: MachineReading) -> ConnectionLimit {
        let source = ConnectionTracking.path()
        switch reading.tracking {
        case .success(nil): return .init(kind: .connectionTracking, permits: .unlimited, source: source)
        case .success(let tracking?):
            return .init(
                .connectionTracking,
                maximum: tracking.maximum,
                inUse: tracking.count,
                keptFree: tracking.maximum / sharedPart,
                source: source
            )
        case .failure(let error): return .init(kind: .connectionTracking, permits: .unknown("\(error)"), source: source)
        }
    }

    /// The connections that an amount of memory is good for, at least one: what each needs is an estimate, and no reason
    /// to refuse a job.
    private static func permission(
        ofMemory bytes: UInt64,
        _ perConnection: UInt64
    ) -> ConnectionLimit.Permission {
        let usable = bytes - bytes / memoryPart
        let room = usable - min(usable, memoryOfJob)
        return .connections(max(1, Int(clamping: room / perConnection)))
    }
}

extension ConnectionLimit {
    /// A limit of which each connection takes one.
    fileprivate init(_ kind: Kind, maximum: UInt64, inUse: UInt64, keptFree: UInt64, source: String) {
        let (taken, overflow) = inUse.addingReportingOverflow(keptFree)
        let room = overflow || taken >= maximum ? 0 : maximum - taken
        self.init(
            kind: kind,
            permits: .connections(Int(clamping: room)),
            maximum: maximum,
            inUse: inUse,
            keptFree: keptFree,
            source: source
        )
    }
}
