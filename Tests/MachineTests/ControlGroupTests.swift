import MachineTestSupport
import Testing

@testable import Machine

@Suite("Control groups")
struct ControlGroupTests {
    private func limits(_ contents: [String: String]) throws -> ControlGroupLimits {
        try KernelTree.with(contents) { (files) throws in
            var limits = try ControlGroupLimits.read(.id(1), in: files)
            // The folder has another name each time.
            let root = files.controlGroups.count
            limits.memory?.path.removeFirst(root)
            limits.threads?.path.removeFirst(root)
            limits.processors?.path.removeFirst(root)
            return limits
        }
    }

    private static let second = [
        "proc/1/cgroup": "0::/a/b\n",
        "cgroup/cgroup.procs": "", "cgroup/a/cgroup.procs": "", "cgroup/a/b/cgroup.procs": "",
        "cgroup/a/memory.max": "1000000\n", "cgroup/a/memory.current": "900000\n",
        "cgroup/a/b/memory.max": "500000\n", "cgroup/a/b/memory.current": "100000\n",
        "cgroup/a/pids.max": "max\n", "cgroup/a/pids.current": "5\n",
        "cgroup/a/b/pids.max": "50\n", "cgroup/a/b/pids.current": "5\n",
        "cgroup/a/cpu.max": "150000 100000\n", "cgroup/a/b/cpu.max": "max 100000\n",
    ]

    @Test("version 2: of the limits on the way up, the one with the least room counts")
    func unified() throws {
        let limits = try limits(Self.second)
        let tight = ControlGroupLimit(
            maximum: ByteCount(bytes: 1_000_000),
            inUse: .init(bytes: 900_000),
            path: "/a/memory.max"
        )
        #expect(limits.memory == tight)
        #expect(limits.threads == ControlGroupLimit(maximum: 50, inUse: 5, path: "/a/b/pids.max"))
        let quota = ProcessorQuota(time: .milliseconds(150), period: .milliseconds(100), path: "/a/cpu.max")
        #expect(limits.processors == quota)
        #expect(limits.processors?.processors == 1.5)
    }

    @Test("version 1, each controller in a hierarchy of its own, and what it prints for no limit")
    func legacy() throws {
        let contents = [
            "proc/1/cgroup": "9:name=systemd:/\n8:pids:/\n4:memory:/a\n2:cpu,cpuacct:/a\n0::/\n",
            "cgroup/memory/cgroup.procs": "", "cgroup/memory/memory.limit_in_bytes": "9223372036854771712\n",
            "cgroup/memory/memory.usage_in_bytes": "77\n",
            "cgroup/memory/a/cgroup.procs": "", "cgroup/memory/a/memory.limit_in_bytes": "4096\n",
            "cgroup/memory/a/memory.usage_in_bytes": "5000\n",
            "cgroup/pids/cgroup.procs": "",
            "cgroup/cpu/cgroup.procs": "", "cgroup/cpu/cpu.cfs_quota_us": "-1\n",
            "cgroup/cpu/cpu.cfs_period_us": "100000\n",
            "cgroup/cpu/a/cgroup.procs": "", "cgroup/cpu/a/cpu.cfs_quota_us": "50000\n",
            "cgroup/cpu/a/cpu.cfs_period_us": "200000\n",
        ]
        let limits = try limits(contents)
        #expect(limits.memory?.maximum == ByteCount(bytes: 4096))
        #expect(limits.memory?.inUse == ByteCount(bytes: 5000))
        #expect(limits.memory?.path == "/memory/a/memory.limit_in_bytes")
        #expect(limits.threads == nil)
        #expect(limits.processors?.processors == 0.25)
    }

    @Test("page cache that a group would give back is read beside the limit that counts")
    func reclaimable() throws {
        var contents = Self.second
        contents["cgroup/a/memory.stat"] = "anon 5\nfile 900\ninactive_file 700\nactive_file 200\n"
        contents["cgroup/a/b/memory.stat"] = "inactive_file 1\n"
        #expect(try limits(contents).reclaimableMemory == ByteCount(bytes: 700))
        contents["cgroup/a/memory.stat"] = nil
        #expect(try limits(contents).reclaimableMemory == nil)
        contents["cgroup/a/memory.stat"] = "anon 5\n"
        #expect(throws: MachineError.self) { try limits(contents) }
        let legacy = [
            "proc/1/cgroup": "4:memory:/\n", "cgroup/memory/cgroup.procs": "",
            "cgroup/memory/memory.limit_in_bytes": "4096\n", "cgroup/memory/memory.usage_in_bytes": "77\n",
            "cgroup/memory/memory.stat": "inactive_file 1\ntotal_inactive_file 33\n",
        ]
        #expect(try limits(legacy).reclaimableMemory == ByteCount(bytes: 33))
    }

    @Test("both versions: version 2 is below unified")
    func hybrid() throws {
        let limits = try limits([
            "proc/1/cgroup": "4:memory:/\n0::/a\n",
            "cgroup/memory/cgroup.procs": "",
            "cgroup/unified/cgroup.procs": "", "cgroup/unified/a/cgroup.procs": "",
            "cgroup/unified/a/pids.max": "7\n", "cgroup/unified/a/pids.current": "1\n",
        ])
        #expect(limits.threads?.maximum == 7)
        #expect(limits.memory == nil)
    }

    @Test(
        "in a container only its own group is mounted, under whatever path the process is said to be in",
        arguments: ["/docker/0123", "/", "/../other", "/a/.."]
    )
    func container(path: String) throws {
        let limits = try limits([
            "proc/1/cgroup": "0::\(path)\n", "cgroup/cgroup.procs": "",
            "cgroup/memory.max": "2048\n", "cgroup/memory.current": "1024\n",
        ])
        #expect(limits.memory?.maximum == ByteCount(bytes: 2048))
        #expect(limits.memory?.path == "/memory.max")
    }

    @Test("a process in no hierarchy is not limited")
    func none() throws {
        #expect(try limits(["proc/1/cgroup": "1:name=systemd:/\n"]) == ControlGroupLimits())
    }

    @Test(
        "what is not mounted, missing or malformed is an error, not the absence of a limit",
        arguments: [
            ("cgroup/cgroup.procs", nil, .unavailable), ("proc/1/cgroup", nil, .unavailable),
            ("cgroup/a/memory.current", nil, .unavailable), ("proc/1/cgroup", "", .malformed),
            ("proc/1/cgroup", "0::/a", .malformed), ("proc/1/cgroup", "0:/a\n", .malformed),
            ("proc/1/cgroup", "0::a\n", .malformed), ("cgroup/a/b/memory.max", "", .malformed),
            ("cgroup/a/b/memory.max", "50", .malformed), ("cgroup/a/b/memory.max", "many\n", .malformed),
            ("cgroup/a/cpu.max", "150000\n", .malformed), ("cgroup/a/cpu.max", "150000 0\n", .malformed),
            ("cgroup/a/cpu.max", "18446744073709551615 1\n", .malformed),
        ] as [(String, String?, MachineError.Code)]
    )
    func failures(path: String, text: String?, code: MachineError.Code) throws {
        var contents = Self.second
        contents[path] = text
        let error = #expect(throws: MachineError.self) { try limits(contents) }
        #expect(error?.code == code)
    }
}
