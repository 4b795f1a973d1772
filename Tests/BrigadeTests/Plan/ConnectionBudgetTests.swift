import Machine
import Testing

@testable import Brigade

@Suite("What a machine allows")
struct ConnectionBudgetTests {
    private func limit(_ kind: ConnectionLimit.Kind, _ machine: SampleMachine) throws -> ConnectionLimit {
        try #require(machine.budget.limits.first { $0.kind == kind })
    }

    @Test(
        "descriptors: the soft limit less those in use and 32",
        arguments: [
            (64, 10, 22), (1024, 100, 892), (42, 10, 0), (30, 10, 0), (UInt64.max, 10, .max),
        ] as [(UInt64, Int, Int)]
    )
    func descriptors(soft: UInt64, inUse: Int, permitted: Int) throws {
        let machine = SampleMachine(soft: soft, descriptorsInUse: inUse)
        let limit = try limit(.descriptors, machine)
        #expect(limit.permits == .connections(permitted))
        #expect(limit.maximum == soft && limit.inUse == UInt64(inUse) && limit.keptFree == 32)
    }

    @Test("no limit on descriptors is no limit, and does not bind")
    func unlimited() throws {
        let machine = SampleMachine(soft: nil)
        #expect(try limit(.descriptors, machine).permits == .unlimited)
        #expect(machine.budget.binding?.kind == .localPorts)
    }

    @Test(
        "local ports: what is left of each way less one in 32, over all ways",
        arguments: [
            ([SampleMachine.way(available: 50)], 49, 0), ([SampleMachine.way(available: 28_232)], 27_350, 0),
            ([SampleMachine.way(available: 20), SampleMachine.way(available: 20)], 40, 0),
            ([SampleMachine.way(available: 50, used: 40, timeWait: 30)], 9, 30),
            ([SampleMachine.way(available: 50, used: 60), SampleMachine.way(available: 64, used: 0)], 62, 0),
            ([SampleMachine.way(available: 0)], 0, 0),
        ] as [([MachineReading.Way], Int, UInt64)]
    )
    func ports(ways: [MachineReading.Way], permitted: Int, comingFree: UInt64) throws {
        let limit = try limit(.localPorts, SampleMachine(ways: ways))
        #expect(limit.permits == .connections(permitted))
        #expect(limit.comingFree == comingFree)
        #expect(limit.maximum == UInt64(ways.reduce(0) { $0 + $1.available }))
    }

    @Test("where no address is known, ports are not among the limits")
    func noWays() {
        #expect(!SampleMachine(ways: []).budget.limits.contains { $0.kind == .localPorts })
    }

    @Test("tables that all programs share: a twentieth is left to the others")
    func shared() throws {
        let machine = SampleMachine(fileMaximum: 2_000, filesInUse: 900, tracking: (500, 1_000))
        #expect(try limit(.systemDescriptors, machine).permits == .connections(1_000))
        #expect(try limit(.connectionTracking, machine).permits == .connections(450))
        #expect(machine.budget.binding?.kind == .connectionTracking)
        #expect(try limit(.connectionTracking, SampleMachine()).permits == .unlimited)
        #expect(
            try limit(.systemDescriptors, SampleMachine(fileMaximum: 10, filesInUse: 50)).permits == .connections(0)
        )
    }

    @Test("memory: three quarters of what is there, less 64 MiB, at 32 KiB a connection; and one at least")
    func memory() throws {
        let mebibyte: UInt64 = 1 << 20
        var machine = SampleMachine(memoryAvailable: 128 * mebibyte)
        #expect(try limit(.memory, machine).permits == .connections(32 * 32))
        let tls = ConnectionBudget(machine.reading, usesTLS: true)
        #expect(tls.limits.first { $0.kind == .memory }?.permits == .connections(32 * 1024 / 96))
        machine.memoryAvailable = 10 * mebibyte
        #expect(try limit(.memory, machine).permits == .connections(1))
    }

    @Test("a control group's memory: page cache that it would give back is no memory in use")
    func controlGroup() throws {
        let mebibyte: UInt64 = 1 << 20
        var machine = SampleMachine(group: (256 * mebibyte, 200 * mebibyte, 72 * mebibyte))
        let found = try limit(.controlGroupMemory, machine)
        #expect(found.permits == .connections(32 * 32))
        #expect(found.inUse == 128 * mebibyte && found.maximum == 256 * mebibyte)
        #expect(found.source == "/sys/fs/cgroup/a/memory.max")
        machine.group = (256 * mebibyte, 300 * mebibyte, 0)
        #expect(try limit(.controlGroupMemory, machine).permits == .connections(1))
        machine.group = (256 * mebibyte, 10, 100)
        #expect(try limit(.controlGroupMemory, machine).inUse == 0)
        machine.group = nil
        #expect(try limit(.controlGroupMemory, machine).permits == .unlimited)
    }

    @Test("what cannot be read is unknown, with the reason, and neither zero nor binding")
    func unknown() throws {
        let error = MachineError(code: .unavailable, path: "/proc/x", reason: "gone")
        var reading = SampleMachine(soft: 100).reading
        reading.system = .failure(error)
        reading.ways = .failure(error)
        reading.memory = .failure(error)
        reading.controlGroups = .failure(error)
        reading.tracking = .failure(error)
        var budget = ConnectionBudget(reading, usesTLS: false)
        #expect(budget.limits.map(\.kind) == ConnectionLimit.Kind.allCases)
        #expect(budget.limits.dropFirst().allSatisfy { $0.permits == .unknown("/proc/x cannot be read: gone") })
        #expect(budget.binding?.kind == .descriptors && budget.allows == 58)
        for failing in [false, true] {
            reading = SampleMachine().reading
            if failing { reading.descriptorsInUse = .failure(error) } else { reading.descriptorLimit = .failure(error) }
            budget = ConnectionBudget(reading, usesTLS: false)
            #expect(budget.limits[0].permits == .unknown("/proc/x cannot be read: gone"))
        }
    }

    @Test("this machine's own limits are all known")
    func thisMachine() async throws {
        let loopback = IPEndpoint(address: IPAddress(ipv4: 0x7F00_0001), port: 1)
        let reading = await MachineReading.take(towards: [loopback])
        let ways = try reading.ways.get()
        #expect(ways.map(\.source) == [loopback.address])
        #expect(try #require(ways.first).available <= (try LocalPortRange.read().usableCount))
        let budget = ConnectionBudget(reading, usesTLS: true)
        #expect(budget.limits.map(\.kind) == ConnectionLimit.Kind.allCases)
        for limit in budget.limits {
            if case .unknown(let reason) = limit.permits { Issue.record("\(limit.kind): \(reason)") }
        }
        #expect(try #require(budget.allows) > 0)
        let soft = try reading.descriptorLimit.get()
        #expect(soft.soft == soft.hard)
    }

    @Test("source addresses multiply the ways; one of the other family leads nowhere")
    func sources() async throws {
        let remote = IPEndpoint(address: IPAddress(ipv4: 0x7F00_0001), port: 1)
        let sources = try ["127.0.0.2", "127.0.0.3", "::1"].map { try #require(IPAddress($0)) }
        let ways = try await MachineReading.take(towards: [remote], from: sources).ways.get()
        #expect(ways.map(\.source) == Array(sources.prefix(2)))
        let none = try await MachineReading.take(towards: [remote], from: [sources[2]]).ways.get()
        #expect(none == [.init(remote: remote, source: nil, available: 0, used: 0, timeWait: 0)])
    }
}
