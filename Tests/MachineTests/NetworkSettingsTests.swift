import Glibc
import MachineTestSupport
import Testing

@testable import Machine

@Suite("Totals and settings of the network")
struct NetworkSettingsTests {
    private func with<Result>(
        _ changes: [String: String?] = [:],
        _ body: (KernelFiles) throws -> Result
    ) throws -> Result {
        var contents = CapturedSockets.tree
        for (path, text) in changes { contents[path] = text }
        return try KernelTree.with(contents, body)
    }

    private func statistics(_ text: String, _ text6: String? = nil) throws -> SocketStatistics {
        try SocketStatistics(
            parsing: KernelText(text, path: "sockstat"),
            ipv6: text6.map { KernelText($0, path: "sockstat6") },
            pageSize: 4096
        )
    }

    @Test("captured totals; pages become bytes")
    func sockstat() throws {
        let totals = try statistics(CapturedSockets.sockstat, CapturedSockets.sockstat6)
        #expect(totals.sockets == 11)
        #expect(totals.tcpInUse == 4)
        #expect(totals.tcp6InUse == 4)
        #expect(totals.timeWait == 1)
        #expect(totals.orphaned == 2)
        #expect(totals.tcpAllocated == 12)
        #expect(totals.tcpMemory == ByteCount(bytes: 111 * 4096))
        #expect(try statistics(CapturedSockets.sockstat).tcp6InUse == nil)
    }

    @Test(
        "totals that are missing or malformed are errors, not zero",
        arguments: [
            ("sockets: used 11\n", ""), ("TCP: inuse", "TCP6: inuse"), (" tw 1", ""), (" mem 111", " mem"),
            (" mem 111", " mem -1"), (" mem 111", " mem 18446744073709551615"), ("orphan 2", "orphan x"),
        ]
    )
    func malformedTotals(old: String, new: String) throws {
        try #require(CapturedSockets.sockstat.contains(old))
        let text = CapturedSockets.sockstat.replacing(old, with: new, maxReplacements: 1)
        let error = #expect(throws: MachineError.self) { try statistics(text) }
        #expect(error?.code == .malformed)
        #expect(throws: MachineError.self) { try statistics(CapturedSockets.sockstat, "TCP: inuse 1\n") }
        #expect(throws: MachineError.self) { try statistics(String(text.dropLast())) }
    }

    @Test("tracked connections: figures, none where there is no tracking, an error where one half is missing")
    func tracking() throws {
        let count = "proc/sys/net/netfilter/nf_conntrack_count"
        let maximum = "proc/sys/net/netfilter/nf_conntrack_max"
        func read(_ changes: [String: String?]) throws -> ConnectionTracking? {
            try with(changes) { (files) throws in try ConnectionTracking.read(in: files) }
        }
        #expect(try read([:])?.count == 12)
        #expect(try read([:])?.maximum == 262_144)
        #expect(try read([count: nil, maximum: nil]) == nil)
        for (changes, code) in [
            ([count: nil], MachineError.Code.unavailable), ([maximum: nil], .unavailable), ([count: ""], .malformed),
            ([maximum: "many\n"], .malformed),
        ] as [([String: String?], MachineError.Code)] {
            let error = #expect(throws: MachineError.self) { try read(changes) }
            #expect(error?.code == code)
        }
    }

    @Test("settings; the memory is not shown in every network")
    func settings() throws {
        let settings = try with { (files) throws in try TCPSettings.read(in: files) }
        #expect(settings.timeWaitReuse == .loopbackOnly)
        #expect(settings.timestamps)
        #expect(settings.maximumTimeWait == 131_072)
        #expect(settings.finTimeout == .seconds(60))
        #expect(settings.maximumBacklog == 4096)
        #expect(settings.memory?.maximum == ByteCount(bytes: 575_796 * UInt64(getpagesize())))
        let elsewhere = try with(["proc/sys/net/ipv4/tcp_mem": nil]) { (files) throws in
            try TCPSettings.read(in: files)
        }
        #expect(elsewhere.memory == nil)
    }

    @Test(
        "settings that are missing or malformed are errors",
        arguments: [
            ("ipv4/tcp_tw_reuse", "3\n"), ("ipv4/tcp_tw_reuse", nil), ("ipv4/tcp_timestamps", ""),
            ("ipv4/tcp_fin_timeout", "18446744073709551615\n"), ("ipv4/tcp_max_tw_buckets", "x\n"),
            ("core/somaxconn", "1 2\n"), ("ipv4/tcp_mem", "1\t2\n"), ("ipv4/tcp_mem", "1\t2\t18446744073709551615\n"),
        ] as [(String, String?)]
    )
    func malformed(file: String, text: String?) throws {
        let error = #expect(throws: MachineError.self) {
            try with(["proc/sys/net/" + file: text]) { (files) throws in try TCPSettings.read(in: files) }
        }
        #expect(error?.path.hasSuffix(file) == true)
        #expect(error?.code == (text == nil ? .unavailable : .malformed))
    }
}
