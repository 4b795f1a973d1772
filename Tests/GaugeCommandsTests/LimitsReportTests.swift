import Foundation
import Machine
import MachineTestSupport
import Testing

@testable import GaugeCommands

@Suite("gauge limits: report")
struct LimitsReportTests {
    private func report(_ changes: [String: String?] = [:]) throws -> LimitsReport {
        var contents = CapturedText.tree
        for (path, text) in changes { contents[path] = text }
        return try KernelTree.with(contents) { (files) throws in
            var report = LimitsSurvey(process: .id(4711), files: files).report()
            let root = files.proc.dropLast("proc".count)
            for index in report.entries.indices {
                report.entries[index].source = report.entries[index].source.replacing(root, with: "/")
            }
            report.failures = report.failures.map { $0.replacing(root, with: "/") }
            return report
        }
    }

    private func entry(_ name: String, _ scope: LimitEntry.Scope, in report: LimitsReport) throws -> LimitEntry {
        try #require(report.entries.first { $0.name == name && $0.scope == scope })
    }

    /// The process does not exist outside the folder, so that the scheduler cannot know it.
    private static let unknownToScheduler = "sched_getaffinity(2) cannot be read: No such process"

    @Test("every limit with its use and where it was read")
    func complete() throws {
        let report = try report(["proc/4711/cgroup": "0::/a\n", "cgroup/a/cgroup.procs": ""])
        #expect(report.failures == [Self.unknownToScheduler])
        #expect(report.process == LimitsReport.Process(id: 4711, name: "gauge (x): y"))
        let files = try entry("open-files", .process, in: report)
        #expect(files.soft == .count(1024))
        #expect(files.hard == .count(20_000))
        #expect(files.inUse == .count(4))
        #expect(files.share == 4.0 / 1024)
        #expect(files.source == "/proc/4711/limits")
        #expect(try entry("processor-time", .process, in: report).inUse == .fraction(3.83))
        #expect(try entry("processes", .process, in: report).inUse == .count(3))
        #expect(try entry("pending-signals", .process, in: report).inUse == .count(7))
        #expect(try entry("locked-memory", .process, in: report).inUse == .count(4096))
        #expect(try entry("file-locks", .process, in: report).inUse == nil)
        #expect(try entry("stack-size", .process, in: report).share == Double(132 << 10) / Double(8 << 20))
        #expect(try entry("memory", .controlGroup, in: report).soft == .unlimited)
        #expect(try entry("open-files", .system, in: report).inUse == .count(479))
        #expect(try entry("local-ports", .system, in: report).soft == .count(28_232))
        #expect(try entry("memory", .system, in: report).inUse == .count((24_684_084 - 24_231_916) << 10))
    }

    @Test("limits of a control group")
    func controlGroup() throws {
        let report = try report([
            "cgroup/memory.max": "2048\n", "cgroup/memory.current": "512\n", "cgroup/cpu.max": "150000 100000\n",
        ])
        let memory = try entry("memory", .controlGroup, in: report)
        #expect(memory.share == 0.25)
        #expect(memory.source == "/cgroup/memory.max")
        #expect(try entry("processors", .controlGroup, in: report).soft == .fraction(1.5))
    }

    @Test("a probe that fails leaves its value out, and says so; the others go on")
    func failure() throws {
        let report = try report(["proc/meminfo": "", "proc/4711/stat": nil, "proc/sys/fs/file-nr": nil])
        #expect(try entry("processor-time", .process, in: report).inUse == nil)
        #expect(!report.entries.contains { $0.scope == .system && $0.name == "memory" })
        #expect(
            report.failures == [
                "/proc/4711/stat cannot be read: No such file or directory",
                Self.unknownToScheduler,
                "/proc/sys/fs/file-nr cannot be read: No such file or directory",
                "/proc/meminfo is not in the format that is known: it is empty",
            ]
        )
    }

    @Test("a process that does not exist is one failure, and the system's limits are there")
    func noProcess() throws {
        let report = try report(["proc/4711/limits": nil])
        #expect(report.process == nil)
        #expect(report.failures == ["/proc/4711/limits cannot be read: No such file or directory"])
        #expect(Set(report.entries.map(\.scope)) == [.system])
    }

    @Test("names are unique within a scope")
    func uniqueNames() throws {
        let names = try report().entries.map { "\($0.scope) \($0.name)" }
        #expect(Set(names).count == names.count)
        #expect(names.count == 16 + 3 + 4)
    }

    @Test("JSON has every field always: numbers, unlimited, or null")
    func json() throws {
        var report = LimitsReport()
        report.failures = ["x/y failed"]
        report.add("memory", .controlGroup, .bytes, limit: .unlimited, source: "/a")
        report.add("open-files", .system, .files, limit: .count(.max), inUse: .count(0), source: "/b")
        #expect(
            try report.json() == """
                {
                  "failures" : [
                    "x/y failed"
                  ],
                  "limits" : [
                    {
                      "hard" : null,
                      "inUse" : null,
                      "name" : "memory",
                      "scope" : "control-group",
                      "share" : null,
                      "soft" : "unlimited",
                      "source" : "/a",
                      "unit" : "bytes"
                    },
                    {
                      "hard" : null,
                      "inUse" : 0,
                      "name" : "open-files",
                      "scope" : "system",
                      "share" : 0,
                      "soft" : 18446744073709551615,
                      "source" : "/b",
                      "unit" : "files"
                    }
                  ],
                  "process" : null
                }
                """
        )
    }

    @Test("the table: amounts to the right, one block for each scope, no control characters")
    func table() throws {
        var report = LimitsReport(process: .init(id: 7, name: "a\u{1B}[31m"))
        report.entries = [
            LimitEntry(
                name: "open-files",
                scope: .process,
                unit: .files,
                soft: .count(1024),
                hard: .unlimited,
                inUse: .count(1023),
                source: "/proc/7/limits"
            ),
            LimitEntry(
                name: "processor-time",
                scope: .process,
                unit: .seconds,
                soft: .count(60),
                hard: .count(90),
                inUse: .fraction(0.25),
                source: "/proc/7/limits"
            ),
        ]
        report.add("memory", .system, .bytes, limit: .count(1536), source: "/proc/meminfo")
        #expect(
            LimitsTable(report).text == """
                PROCESS 7 a?[31m     soft       hard  in use    used  read from
                  open files         1024  unlimited    1023  99.9 %  /proc/7/limits
                  processor time     60 s       90 s  0.25 s   0.4 %  /proc/7/limits

                SYSTEM               soft       hard  in use    used  read from
                  memory          1.5 KiB          -       -       -  /proc/meminfo

                """
        )
        #expect(LimitsTable(LimitsReport()).text.isEmpty)
    }
}
