import Foundation
import Machine
import MachineTestSupport
import Testing

@testable import GaugeCommands

@Suite("gauge sockets: report")
struct SocketsReportTests {
    private func report(
        _ subject: SocketsSurvey.Subject = .network,
        filter: SocketFilter = SocketFilter(),
        _ changes: [String: String?] = [:],
        links: [String: String] = CapturedSockets.links
    ) throws -> SocketsReport {
        var contents = CapturedSockets.tree
        for (path, text) in changes { contents[path] = text }
        return try KernelTree.with(contents, links: links) { files in
            var report = SocketsSurvey(subject: subject, filter: filter, files: files).report()
            let root = files.proc.dropLast("proc".count)
            report.failures = report.failures.map { $0.replacing(root, with: "/") }
            return report
        }
    }

    @Test("the whole network as a table")
    func table() throws {
        let report = try report()
        #expect(report.failures.isEmpty)
        #expect(
            SocketsTable(report, top: 1).text == """
                TCP SOCKETS, read from /proc/net/tcp
                  established  6
                  time-wait    1
                  listen       2
                  total        9

                OUTGOING to       from       sockets  established  time-wait  other  ports used  ports left
                  127.0.0.1:5000  127.0.0.1        3            2          1      0           3           5
                  1 of 2 ways shown; --top 2 shows all

                INCOMING from  to port  sockets  established  time-wait  other
                  127.0.0.1       5000        2            2          0      0
                  1 of 2 addresses and ports shown; --top 2 shows all

                LOCAL PORTS
                  range 40000 to 40009              10
                  reserved                           2
                  listened on or bound               0
                  for each remote address and port   8

                KERNEL                   in use    limit   used  read from
                  sockets of all kinds       11        -      -  sockstat
                  time-wait                   1   131072  0.0 %  sockstat, tcp_max_tw_buckets
                  tcp, machine               12        -      -  sockstat
                  orphaned, machine           2        -      -  sockstat
                  tcp memory, machine   444 KiB  2.1 GiB  0.0 %  sockstat, tcp_mem
                  tracked connections        12   262144  0.0 %  nf_conntrack_count, nf_conntrack_max

                SETTINGS
                  tcp_tw_reuse     loopback only  ports taken back from time-wait to connect
                  tcp_timestamps   on             needed for that, on both sides
                  tcp_fin_timeout  60 s           fin-wait-2; not time-wait: 60 s
                  somaxconn        4096           connections waiting to be accepted, at most

                """
        )
        #expect(SocketsTable(SocketsReport(), top: 1).text.isEmpty)
    }

    @Test("a process's sockets: its block, and the counts of its sockets only", arguments: [true, false])
    func process(byName: Bool) throws {
        let report = try report(byName ? .named("tool") : .process(4711))
        #expect(report.failures.isEmpty)
        let text = SocketsTable(report, top: 20).text
        let beginning = """
            PROCESS 4711 gauge (x): y
              8 descriptors of sockets; other than TCP: 1 udp, 2 unix, 1 netlink, 1 unlisted
              local            remote          state        receive queue  send queue
              127.0.0.1:40000  127.0.0.1:5000  established              0           0
              127.0.0.1:40002  127.0.0.1:5000  established              0           0

            TCP SOCKETS SELECTED, read from /proc/net/tcp
              established  2
              total        2

            OUTGOING to       from       sockets  established  time-wait  other  ports used  ports left
              127.0.0.1:5000  127.0.0.1        2            2          0      0           3           5


            """
        #expect(text.hasPrefix(beginning))
    }

    @Test("filters by remote address, by port and by state")
    func filters() throws {
        func total(_ remote: String?, _ states: Set<TCPState> = []) throws -> Int? {
            let remote = try remote.map { try #require(SocketFilter.Remote($0)) }
            return try report(filter: SocketFilter(remote: remote, states: states)).survey?.selected.states.total
        }
        #expect(try total("127.0.0.1") == 5)
        #expect(try total("::ffff:127.0.0.1") == 5)
        #expect(try total("127.0.0.1:5000") == 3)
        #expect(try total("[::1]:8333") == 1)
        #expect(try total("192.0.2.1") == 0)
        #expect(try total(nil, [.timeWait, .listening]) == 3)
        #expect(try total("127.0.0.1:5000", [.timeWait]) == 1)
        #expect(SocketFilter.Remote("127.0.0.1:") == nil)
        #expect(SocketFilter.Remote("example") == nil)
    }

    private func object(_ report: SocketsReport, top: Int = 20) throws -> [String: Any] {
        let text = try SocketsDocument(report, top: top).json()
        return try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }

    @Test("JSON has the fields that are documented, always; null where nothing is known")
    func json() throws {
        let fields: Set = [
            "processes", "processSockets", "source", "interrupted", "total", "states", "outgoing", "outgoingCount",
            "incoming", "incomingCount", "localPorts", "sockstat", "conntrack", "settings", "failures",
        ]
        let full = try object(try report(.process(4711)), top: 1)
        #expect(Set(full.keys) == fields)
        let sockets = try #require(full["processSockets"] as? NSDictionary)
        #expect(
            sockets == [
                "descriptors": 8, "tcpCount": 2, "udp": 1, "unix": 2, "netlink": 1, "unlisted": 1,
                "tcp": [
                    [
                        "state": "established", "local": "127.0.0.1:40000", "remote": "127.0.0.1:5000", "user": 0,
                        "inode": 3_548_572, "receiveQueue": 0, "sendQueue": 0,
                    ] as NSDictionary
                ],
            ] as NSDictionary
        )
        let way = try #require((full["outgoing"] as? [NSDictionary])?.first)
        #expect(
            Set(way.allKeys as? [String] ?? []) == ["remote", "local", "total", "states", "portsUsed", "portsLeft"]
        )
        #expect(way["portsUsed"] as? Int == 3)
        #expect(way["portsLeft"] as? Int == 5)
        #expect((full["states"] as? [String: Int])?.count == TCPState.allCases.count)
        let ports = ["first": 40_000, "last": 40_009, "reserved": 2, "bound": 0, "available": 8]
        #expect(full["localPorts"] as? [String: Int] == ports)
        #expect(full["conntrack"] as? NSDictionary == ["present": true, "count": 12, "maximum": 262_144])
        let empty = try object(SocketsReport())
        #expect(Set(empty.keys) == fields)
        #expect(empty.filter { $0.value is NSNull }.count == fields.count - 2)
    }

    @Test("a probe that fails leaves its values out, and says so; the others go on")
    func failure() throws {
        let report = try report(
            .network,
            [
                "proc/self/net/sockstat": "", "proc/sys/net/ipv4/tcp_tw_reuse": nil,
                "proc/sys/net/netfilter/nf_conntrack_max": nil, "proc/sys/net/netfilter/nf_conntrack_count": nil,
            ]
        )
        #expect(
            report.failures == [
                "/proc/self/net/sockstat is not in the format that is known: it is empty",
                "/proc/sys/net/ipv4/tcp_tw_reuse cannot be read: No such file or directory",
            ]
        )
        let text = SocketsTable(report, top: 20).text
        #expect(text.contains("LOCAL PORTS"))
        #expect(!text.contains("SETTINGS"))
        // What is absent is said to be, and is no failure.
        #expect(text.contains("  tracked connections    none      -     -  nf_conntrack is not present\n"))
        #expect(try object(report)["sockstat"] is NSNull)
    }

    @Test("no such process, no such name, and processes of two networks")
    func processes() throws {
        let absent = try report(.process(1))
        #expect(absent.failures == ["/proc/1/status cannot be read: No such file or directory"])
        #expect(absent.survey == nil)
        #expect(try report(.named("no\u{1B}thing")).failures == ["no process is called no?thing"])
        var links = CapturedSockets.links
        links["proc/4711/ns/net"] = "net:[1]"
        let elsewhere = try report(.process(4711), links: links)
        #expect(elsewhere.failures.count == 1)
        #expect(elsewhere.settings == nil)
        #expect(elsewhere.survey?.selected.states.total == 2)
        #expect(SocketsTable(elsewhere, top: 20).text.contains("  unknown\n"))
        links["proc/12/ns/net"] = "net:[2]"
        let status = CapturedText.status
        let two = try report(.named("gauge"), ["proc/12/status": status, "proc/12/cmdline": "gauge\0"], links: links)
        #expect(two.processes.map(\.id) == [12])
        #expect(two.failures.first == "process 4711 is not in the network namespace of process 12: left out")
    }
}
