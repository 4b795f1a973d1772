import Machine
import Testing

@testable import Brigade
@testable import BrigadeCommands

@Suite("the doctor's page")
struct DoctorPageTests {
    private func report(checks: [DoctorReport.Check] = [], endpoint: String? = nil) throws -> DoctorReport {
        let error = MachineError(code: .unavailable, path: "/proc/x", reason: "gone")
        let way = MachineReading.Way(
            remote: try #require(IPEndpoint("10.0.0.2:9000")),
            source: IPAddress(ipv4: 1),
            available: 50,
            used: 3,
            timeWait: 0
        )
        let reading = MachineReading(
            descriptorLimit: .success(.init(soft: .at(20_000), hard: .unlimited)),
            descriptorsInUse: .success(8),
            system: .failure(error),
            ways: .success([way]),
            memory: .success(.init(total: ByteCount(bytes: 1 << 31), available: ByteCount(bytes: 1 << 30))),
            controlGroups: .success(ControlGroupLimits()),
            tracking: .success(nil)
        )
        let budget = ConnectionBudget(reading, usesTLS: false)
        let plan = try ConcurrencyPlan(.init(copies: 256, fetchers: 16), within: budget)
        return DoctorReport(
            endpoint: endpoint,
            bucket: nil,
            addresses: [],
            limits: budget.limits.map(PlanDocument.Limit.init),
            binding: budget.binding?.kind.rawValue,
            plan: PlanDocument(plan),
            verdict: PlanSentence(plan: plan, destination: "10.0.0.2:9000").text,
            timeWait: 5,
            settings: [
                .init(name: "net.a.b", value: "1", advice: "Words of advice. " + String(repeating: "word ", count: 30))
            ],
            checks: checks
        )
    }

    @Test("limits stand in columns, the one that binds is named, and what is not known says why")
    func limits() throws {
        let page = DoctorPage(report: try report(), destination: "10.0.0.2:9000").text
        let expected = """
            What limits connections to 10.0.0.2:9000
                                           in use      of  kept free     permits  read from
              descriptors                       8  20,000         32      19,960  getrlimit(2), /proc/self/fd
              open files of the system          -       -          -     unknown  /proc/x cannot be read: gone
              local ports                       3      50          1   binds: 46  /proc/sys/net/ipv4/ip_local_port_range
              memory                        1 GiB   2 GiB    256 MiB      22,528  /proc/meminfo
              memory of the control group       -       -          -  any number  /proc/self/cgroup
              connection tracking               -       -          -  any number  /proc/sys/net/netfilter/nf_conntrack_count
              plan: 46 copies at a time over 46 connections: 50 local ports to 10.0.0.2:9000 (3 in use) decide \
            (use --source-address, or widen net.ipv4.ip_local_port_range)

            Settings of the kernel
              net.a.b = 1
                  Words of advice. word word word word word word word word word word word word word word word word
                  word word word word word word word word word word word word word word

            Name a bucket, or a service with --endpoint, to have it looked at.

            """
        #expect(page == expected)
    }

    @Test("checks are told one a line; what a server says can neither break a line nor steer the terminal")
    func checks() throws {
        let checks: [DoctorReport.Check] = [
            .init(name: "name", state: .ok, finding: "localhost has 127.0.0.1"),
            .init(name: "list", state: .problem, finding: "no\u{1B}[31m\nway"),
        ]
        let report = try report(checks: checks, endpoint: "http://localhost:9000")
        let page = DoctorPage(report: report, destination: "-").text
        #expect(
            page.hasSuffix(
                """

                The service: http://localhost:9000
                  ok       name  localhost has 127.0.0.1
                  problem  list  no\\x1B[31m\\x0Away

                """
            )
        )
        #expect(!report.isFine)
    }

    @Test("a notice is no problem; a job that could not begin is one")
    func fine() throws {
        var report = try report(checks: [.init(name: "TLS", state: .notice, finding: "none")])
        #expect(report.isFine)
        report.plan = nil
        #expect(!report.isFine)
    }

    @Test("advice is given with this machine's values")
    func advice() throws {
        let entries = KernelAdvice().entries
        let values = Dictionary(uniqueKeysWithValues: entries.map { ($0.name, $0.value) })
        let settings = try TCPSettings.read()
        #expect(values["net.ipv4.tcp_tw_reuse"]?.hasPrefix("\(settings.timeWaitReuse.rawValue): ") == true)
        #expect(values["net.ipv4.tcp_fin_timeout"] == "\(settings.finTimeout.components.seconds) s")
        #expect(values["net.ipv4.tcp_tw_recycle"] == "does not exist")
        #expect(entries.allSatisfy { !$0.value.hasPrefix("not known") && $0.advice.hasSuffix(".") })
    }

    @Test("settings that cannot be read say so")
    func unreadable() {
        let entries = KernelAdvice(in: KernelFiles(proc: "/nonexistent")).entries
        let unknown = entries.filter { $0.value.hasPrefix("not known: /nonexistent/") }.map(\.name)
        #expect(unknown.count == 5 && unknown.contains("net.ipv4.ip_local_port_range"))
    }
}
