import Foundation
import Glibc
import Testing

@testable import Machine

/// Opens real connections over the loopback device and looks for them in every way, and with `ss` of Debian's iproute2.
@Suite("This machine's sockets", .serialized)
struct ThisMachineSocketsTests {
    private static let both = [SocketSource.netlink, .files]

    /// What ss says of the connections with a port at either end, in the words of ``LoopbackConnections/own(_:)``.
    private func ss(_ port: UInt16) throws -> [String] {
        let names = ["ESTAB": "established", "TIME-WAIT": "time-wait", "CLOSE-WAIT": "close-wait"]
        let lines = try shellOutput(of: "ss -Htan state connected '( sport = :\(port) or dport = :\(port) )'")
        return try lines.split(separator: "\n").map { line in
            let words = line.split(separator: " ", omittingEmptySubsequences: true).map(String.init)
            let state = try #require(names[words[0]])
            return "\(state) \(try #require(IPEndpoint(words[3]))) \(try #require(IPEndpoint(words[4])))"
        }.sorted()
    }

    @Test("connections of IPv4, IPv6 and mapped addresses: netlink, the files and ss agree")
    func established() throws {
        let connections = try LoopbackConnections(ipv4: 40, mapped: 3, ipv6: 5)
        let port = connections.port
        for source in Self.both {
            let reading = try TCPSockets.list(from: source)
            #expect(reading.source == source)
            let own = connections.own(reading.value)
            #expect(own.count == 2 * 48)
            #expect(own.filter { $0.hasPrefix("established 127.0.0.1:") }.count == 2 * 43)
            #expect(own.filter { $0.hasPrefix("established [::1]:") }.count == 2 * 5)
            #expect(try own == ss(port))
        }
        #expect(try TCPSockets.list().source == .netlink)
        let listening = try TCPSockets.list(states: [.listening]).value
        #expect(listening.filter { $0.local.port == port }.count == 2)
        #expect(listening.map(\.state).allSatisfy { $0 == .listening })
    }

    @Test("connections to one remote port, those in TIME_WAIT too, are what ss finds there", arguments: both)
    func remotePort(source: SocketSource) throws {
        let connections = try LoopbackConnections(ipv4: 7, mapped: 2, ipv6: 3)
        let others = try LoopbackConnections(ipv4: 4)
        for state in [TCPState.established, .timeWait] {
            if state == .timeWait { connections.closeClientsFirst() }
            let found = try TCPSockets.reduce(into: [TCPSocket](), remotePort: connections.port, from: source) {
                $0.append($1)
            }
            #expect(found.value.count == 12)
            #expect(found.value.allSatisfy { $0.state == state && $0.remote?.port == connections.port })
            let ss = try shellOutput(of: "ss -Htan state connected '( dport = :\(connections.port) )' | wc -l")
            #expect(ss == "12\n")
        }
        #expect(others.port != connections.port)
    }

    @Test("connections leave from the address that ip says")
    func source() throws {
        let loopback = IPAddress(ipv4: 0x7F00_0001)
        #expect(try LocalAddress.source(towards: loopback) == loopback)
        #expect(try LocalAddress.source(towards: IPAddress(ipv4: 0x7F00_0009)) == loopback)
        let loopback6 = try #require(IPAddress("::1"))
        #expect(try LocalAddress.source(towards: loopback6) == loopback6)
        for address in try LocalAddress.all() where address.isUp && address.address.ipv4Bits != nil {
            let shown = try shellOutput(of: "ip -oneline route get \(address.address) | grep -o 'src [0-9.]*'")
            let source = try #require(try LocalAddress.source(towards: address.address))
            #expect("src \(source)\n" == shown)
        }
        // A link's own addresses need the link's name, which there is none of.
        let error = #expect(throws: MachineError.self) {
            try LocalAddress.source(towards: #require(IPAddress("fe80::1")))
        }
        #expect(error?.code == .unavailable)
    }

    @Test("a thread's processor time goes up with what it does, and not with what it waits for")
    func threadTime() throws {
        let before = try ThreadTime.current()
        usleep(20_000)
        let waited = try ThreadTime.current() - before
        #expect(waited < .milliseconds(20))
        var sum: UInt64 = 0
        while try ThreadTime.current() - before < waited + .milliseconds(5) { sum &+= 1 }
        #expect(sum > 0)
    }

    @Test("a process's own sockets are these connections", arguments: both)
    func process(source: SocketSource) throws {
        let connections = try LoopbackConnections(ipv4: 4, mapped: 1, ipv6: 1)
        for process in [ProcessReference.current, .id(getpid())] {
            let reading = try ProcessSockets.read([process], from: source)
            #expect(connections.own(reading.value.tcp).count == 2 * 6)
            #expect(reading.value.tcp.filter { $0.remote == nil && $0.local.port == connections.port }.count == 2)
            #expect(reading.value.tcp.allSatisfy { $0.inode != nil && $0.userID == getuid() })
            #expect(reading.value.descriptors >= 14)
        }
    }

    @Test("each connection takes a local port towards its remote address; closed here first, it keeps it in TIME_WAIT")
    func ports() throws {
        let connections = try LoopbackConnections(ipv4: 30, mapped: 2)
        let loopback = IPAddress(ipv4: 0x7F00_0001)
        let remote = IPEndpoint(address: loopback, port: connections.port)
        let way = SocketCounts.Outgoing(remote: remote, local: loopback)
        for state in [TCPState.established, .timeWait] {
            if state == .timeWait { connections.closeClientsFirst() }
            for source in Self.both {
                let survey = try SocketSurvey.read(from: source)
                let use = try #require(survey.counts.outgoing[way])
                #expect(use.states[state] == 32)
                #expect(use.states.total == 32)
                #expect(use.ports == 32)
                let available = try #require(survey.availablePorts)
                #expect(survey.freePorts(towards: remote, from: loopback) == available - 32)
                #expect(available <= (try LocalPortRange.read().usableCount))
                #expect(survey.counts.states[state] >= 32)
            }
            #expect(try connections.own(TCPSockets.list().value) == ss(connections.port))
        }
        // No process has them any more.
        #expect(connections.own(try ProcessSockets.read().value.tcp).isEmpty)
        #expect(try SocketStatistics.read().timeWait >= 32)
    }

    @Test("settings are those of sysctl, addresses those of ip")
    func settings() throws {
        let settings = try TCPSettings.read()
        let folder = "cd /proc/sys/net && cat"
        #expect("\(settings.timeWaitReuse.rawValue)\n" == (try shellOutput(of: "\(folder) ipv4/tcp_tw_reuse")))
        #expect("\(settings.maximumTimeWait)\n" == (try shellOutput(of: "\(folder) ipv4/tcp_max_tw_buckets")))
        #expect(
            "\(settings.finTimeout.components.seconds)\n" == (try shellOutput(of: "\(folder) ipv4/tcp_fin_timeout"))
        )
        #expect("\(settings.maximumBacklog)\n" == (try shellOutput(of: "\(folder) core/somaxconn")))
        let lines = try shellOutput(of: "ip -oneline address show | awk '{ print $2, $4 }'").split(separator: "\n")
        let addresses = try LocalAddress.all()
        #expect(addresses.contains { $0.address.isLoopback && $0.isUp && $0.prefixLength != nil })
        let texts = addresses.map { "\($0.interface) \($0.address)/\($0.prefixLength ?? -1)" }
        #expect(texts.sorted() == lines.map(String.init).sorted())
    }

    @Test("connection tracking is there exactly where the kernel has its files")
    func tracking() throws {
        let exists = FileManager.default.fileExists(atPath: ConnectionTracking.path())
        let tracking = try ConnectionTracking.read()
        #expect((tracking != nil) == exists)
    }

    @Test("a process is found by the name of its executable")
    func name() throws {
        let name = URL(filePath: try #require(try KernelFiles.linkIfPresent(at: "/proc/self/exe"))).lastPathComponent
        #expect(try ProcessSearch.named(name).contains(getpid()))
        #expect(try ProcessSearch.named("no process has this name").isEmpty)
    }
}
