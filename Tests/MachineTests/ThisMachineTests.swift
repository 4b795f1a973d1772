import Foundation
import Glibc
import Testing

@testable import Machine

/// Compares probes with what other programs say of this machine at the same moment.
@Suite("This machine", .serialized)
struct ThisMachineTests {
    /// What a command prints, without the line feed at the end.
    private func output(of command: String) throws -> String {
        try shellOutput(of: command).trimmingCharacters(in: .newlines)
    }

    @Test("the descriptor limit is that of ulimit, by system call and by file")
    func ulimit() throws {
        let limit = try DescriptorLimit.current()
        #expect("\(limit.soft)" == (try output(of: "ulimit -Sn")))
        #expect("\(limit.hard)" == (try output(of: "ulimit -Hn")))
        #expect(try ResourceLimits.read()[.openFiles] == limit)
        #expect(try ResourceLimits.read(.id(getpid()))[.openFiles] == limit)
        let stack = try ResourceLimits.read()[.stackSize].soft.value.map { "\($0 / 1024)" } ?? "unlimited"
        #expect(stack == (try output(of: "ulimit -Ss")))
    }

    @Test("raising goes to what is wanted, to the hard limit at most, and never down")
    func raise() throws {
        let before = try DescriptorLimit.current()
        let hard = try #require(before.hard.value)
        try #require(hard > 600)
        func setSoft(_ value: UInt64) {
            var limit = rlimit(rlim_cur: rlim_t(value), rlim_max: rlim_t(hard))
            #expect(setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0)
        }
        defer { setSoft(before.soft.value ?? hard) }
        // Near the hard limit, since other tests of this process have hundreds of descriptors open meanwhile.
        setSoft(hard - 200)
        #expect(try DescriptorLimit.raise(to: .at(hard - 100)).soft == .at(hard - 100))
        #expect(try DescriptorLimit.raise(to: .at(hard - 150)).soft == .at(hard - 100))
        #expect(try output(of: "ulimit -Sn") == "\(hard - 100)")
        let raised = try DescriptorLimit.raise()
        #expect(raised == ResourceLimit(soft: .at(hard), hard: .at(hard)))
        #expect(try DescriptorLimit.current() == raised)
    }

    @Test("the descriptors of another process are those that ls finds")
    func descriptors() throws {
        let process = Process()
        process.executableURL = URL(filePath: "/bin/sh")
        process.arguments = ["-c", "exec 7</dev/null 8</dev/null 9</dev/null; echo ready; read end"]
        let (input, output) = (Pipe(), Pipe())
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        defer {
            try? input.fileHandleForWriting.close()
            process.waitUntilExit()
        }
        try #require(try output.fileHandleForReading.read(upToCount: 6) == Data("ready\n".utf8))
        let count = try DescriptorUse.count(.id(process.processIdentifier))
        #expect("\(count)" == (try self.output(of: "ls /proc/\(process.processIdentifier)/fd | wc -l")))
        #expect(count >= 6)
        #expect(try ProcessStatus.read(.id(process.processIdentifier)).name == "sh")
    }

    @Test("system settings are those of /proc, processors those of nproc, memory that of the C library")
    func system() throws {
        let descriptors = try SystemDescriptors.read()
        #expect("\(descriptors.maximum)" == (try output(of: "cat /proc/sys/fs/file-max")))
        #expect("\(descriptors.maximumPerProcess)" == (try output(of: "cat /proc/sys/fs/nr_open")))
        #expect(descriptors.inUse > 0)
        let ports = try LocalPortRange.read().range
        #expect(
            "\(ports.lowerBound)\t\(ports.upperBound)" == (try output(of: "cat /proc/sys/net/ipv4/ip_local_port_range"))
        )
        #expect("\(try Processors.available())" == (try output(of: "nproc")))
        #expect(try Processors.available(.id(getpid())) == Processors.available())
        let memory = try SystemMemory.read()
        #expect(memory.total.bytes == UInt64(sysconf(Int32(_SC_PHYS_PAGES)) * sysconf(Int32(_SC_PAGESIZE))))
        #expect(memory.available <= memory.total)
        #expect(throws: Never.self) { try ControlGroupLimits.read() }
    }

    @Test("a processor that is taken away is not counted")
    func affinity() throws {
        let process = Process()
        process.executableURL = URL(filePath: "/bin/sh")
        let first = "sed -n 's/^Cpus_allowed_list:[^0-9]*\\([0-9]*\\).*/\\1/p' /proc/self/status"
        process.arguments = ["-c", "exec taskset -c $(\(first)) sh -c 'echo ready; read end'"]
        let (input, output) = (Pipe(), Pipe())
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        defer {
            try? input.fileHandleForWriting.close()
            process.waitUntilExit()
        }
        try #require(try output.fileHandleForReading.read(upToCount: 6) == Data("ready\n".utf8))
        #expect(try Processors.available(.id(process.processIdentifier)) == 1)
    }

    @Test("a process that does not exist is unavailable to every probe")
    func absent() throws {
        let absent = ProcessReference.id(.max)
        for probe: () throws -> Void in [
            { _ = try ResourceLimits.read(absent) }, { _ = try ProcessStatus.read(absent) },
            { _ = try ProcessTimes.read(absent) }, { _ = try DescriptorUse.count(absent) },
            { _ = try ControlGroupLimits.read(absent) }, { _ = try Processors.available(absent) },
        ] {
            let error = #expect(throws: MachineError.self) { try probe() }
            #expect(error?.code == .unavailable)
        }
    }

    @Test("usage agrees with /proc: no less time than before, no lower peak than what is resident")
    func usage() throws {
        let times = try ProcessTimes.read()
        let resident = try #require(try ProcessStatus.read().resident)
        let usage = try ResourceUsage.current()
        #expect(times.user + times.system <= usage.userTime + usage.systemTime)
        // The kernel's count of resident pages may be off by some per thread (proc_pid_status(5)).
        #expect(resident.bytes <= usage.peakResident.bytes + (8 << 20))
        #expect(usage.peakResident.bytes > 1 << 20)
        #expect(usage.voluntaryContextSwitches > 0)
    }
}
