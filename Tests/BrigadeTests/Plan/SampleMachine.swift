import Machine

@testable import Brigade

/// A machine as tests make it up: room for a great many connections, but for what a test takes away.
struct SampleMachine {
    var soft: UInt64? = 1_000_000
    var descriptorsInUse = 10
    var ways = [SampleMachine.way()]
    var fileMaximum: UInt64 = 10_000_000
    var filesInUse: UInt64 = 0
    var memoryAvailable: UInt64 = 1 << 40
    var group: (maximum: UInt64, inUse: UInt64, reclaimable: UInt64)?
    var tracking: (count: UInt64, maximum: UInt64)?

    static func way(available: Int = 900_000, used: Int = 0, timeWait: Int = 0) -> MachineReading.Way {
        MachineReading.Way(
            remote: IPEndpoint(address: IPAddress(ipv4: 0x0A00_0002), port: 9000),
            source: IPAddress(ipv4: 0x0A00_0001),
            available: available,
            used: used,
            timeWait: timeWait
        )
    }

    var reading: MachineReading {
        var groups = ControlGroupLimits()
        if let group {
            groups.memory = ControlGroupLimit(
                maximum: ByteCount(bytes: group.maximum),
                inUse: ByteCount(bytes: group.inUse),
                path: "/sys/fs/cgroup/a/memory.max"
            )
            groups.reclaimableMemory = ByteCount(bytes: group.reclaimable)
        }
        return MachineReading(
            descriptorLimit: .success(.init(soft: soft.map { .at($0) } ?? .unlimited, hard: .unlimited)),
            descriptorsInUse: .success(descriptorsInUse),
            system: .success(.init(inUse: filesInUse, maximum: fileMaximum, maximumPerProcess: 1_048_576)),
            ways: .success(ways),
            memory: .success(.init(total: ByteCount(bytes: 1 << 41), available: ByteCount(bytes: memoryAvailable))),
            controlGroups: .success(groups),
            tracking: .success(tracking.map { ConnectionTracking(count: $0.count, maximum: $0.maximum) })
        )
    }

    var budget: ConnectionBudget { ConnectionBudget(reading, usesTLS: false) }
}
