import MachineTestSupport
import Testing

@testable import Machine

@Suite("Status and times of a process")
struct ProcessStatusTests {
    private func status(_ text: String) throws -> ProcessStatus {
        try ProcessStatus(parsing: KernelText(text, path: "status"))
    }

    @Test("captured status")
    func captured() throws {
        let status = try status(CapturedText.status)
        #expect(status.name == "gauge (x): y")
        #expect(status.id == 4711)
        #expect(status.realUserID == 1000)
        #expect(status.threads == 3)
        #expect(status.queuedSignals == 7)
        #expect(status.virtualMemory == ByteCount(kibibytes: 26_000))
        #expect(status.lockedMemory == ByteCount(kibibytes: 4))
        #expect(status.resident == ByteCount(kibibytes: 15_200))
        #expect(status.data == ByteCount(kibibytes: 3060))
        #expect(status.stack == ByteCount(kibibytes: 132))
    }

    @Test("a kernel thread has no memory of its own: not known, not zero")
    func kernelThread() throws {
        let status = try status(CapturedText.kernelThreadStatus)
        #expect(status.name == "kthreadd")
        #expect(status.resident == nil)
        #expect(status.virtualMemory == nil)
    }

    @Test(
        "malformed status",
        arguments: [
            ("Threads:\t3\n", "Threads:\t\n"), ("Threads:\t3\n", ""), ("Uid:\t1000", "Uid:\t-1"),
            ("15200 kB", "15200 MB"), ("15200 kB", "15200"), ("15200 kB", "99999999999999999999 kB"),
            ("15200 kB", "18446744073709551615 kB"), ("SigQ:\t7/", "SigQ:\t/"), ("Umask:\t0022", "Umask"),
        ]
    )
    func malformed(part: String, replacement: String) throws {
        let error = #expect(throws: MachineError.self) {
            try status(CapturedText.status.replacing(part, with: replacement))
        }
        #expect(error?.code == .malformed)
    }

    @Test("status that is empty or cut short in a line", arguments: [0, 10, 100, CapturedText.status.utf8.count - 1])
    func truncated(length: Int) throws {
        let text = String(decoding: CapturedText.status.utf8.prefix(length), as: UTF8.self)
        let error = #expect(throws: MachineError.self) { try status(text) }
        #expect(error?.code == .malformed)
    }

    private func times(_ text: String) throws -> ProcessTimes {
        try ProcessTimes(parsing: KernelText(text, path: "stat"), ticksPerSecond: 100)
    }

    @Test("times behind a name with blanks and brackets")
    func processTimes() throws {
        let times = try times(CapturedText.stat)
        #expect(times.user == .milliseconds(2500))
        #expect(times.system == .milliseconds(1330))
    }

    @Test(
        "malformed times",
        arguments: [
            "", "1 (x\n", "1 (x) R 1\n", "1 (x) R 1 1 1 1 1 1 1 1 1 1 -5 1\n", "1 (x) R 1 1 1 1 1 1 1 1 1 1 5 6",
        ]
    )
    func malformedTimes(text: String) throws {
        let error = #expect(throws: MachineError.self) { try times(text) }
        #expect(error?.code == .malformed)
    }

    @Test("the threads of a user are added up over processes; others' and entries that are no process are not")
    func userThreads() throws {
        let other = CapturedText.status.replacing("Uid:\t1000", with: "Uid:\t1001")
        let contents = [
            "proc/1/status": CapturedText.status, "proc/2/status": other, "proc/3/status": CapturedText.status,
            "proc/4/": "", "proc/meminfo": CapturedText.meminfo,
        ]
        try KernelTree.with(contents) { (files) throws in
            #expect(try UserThreads.count(realUserID: 1000, in: files) == 6)
            #expect(try UserThreads.count(realUserID: 1001, in: files) == 3)
            #expect(try UserThreads.count(realUserID: 0, in: files) == 0)
        }
        try KernelTree.with(["proc/1/status/": ""]) { (files) throws in
            let error = #expect(throws: MachineError.self) { try UserThreads.count(realUserID: 0, in: files) }
            #expect(error?.path == files.proc + "/1/status")
        }
        let nowhere = KernelFiles(proc: "/nonexistent")
        let error = #expect(throws: MachineError.self) { try UserThreads.count(realUserID: 0, in: nowhere) }
        #expect(error?.code == .unavailable)
    }
}
