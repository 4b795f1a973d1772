import MachineTestSupport
import Testing

@testable import Machine

@Suite("Sockets by state and remote address")
struct SocketSurveyTests {
    private func endpoint(_ text: String) throws -> IPEndpoint { try #require(IPEndpoint(text)) }

    private func with<Result>(
        _ changes: [String: String?] = [:],
        links: [String: String] = CapturedSockets.links,
        _ body: (KernelFiles) throws -> Result
    ) throws -> Result {
        var contents = CapturedSockets.tree
        for (path, text) in changes { contents[path] = text }
        return try KernelTree.with(contents, links: links, body)
    }

    @Test("sets of ports: every port, each once")
    func portSet() {
        var ports = PortSet()
        for port: UInt16 in [0, 63, 64, 65_535, 64] { ports.insert(port) }
        #expect(ports.count == 4)
        #expect(ports.contains(65_535))
        #expect(!ports.contains(1))
        var other = PortSet()
        for port in UInt16(1)...100 { other.insert(port) }
        ports.subtract(other)
        #expect(ports.count == 2)
        #expect(!ports.contains(64))
    }

    @Test("usable ports are as many as the range counts")
    func usable() throws {
        let range = try with { (files) throws in try LocalPortRange.read(in: files) }
        #expect(range.usable.count == range.usableCount)
        #expect(range.usable.contains(40_007))
        #expect(!range.usable.contains(40_008))
    }

    @Test("captured tables: states, ways out and in, and the ports that are left")
    func survey() throws {
        let survey = try with { (files) throws in try SocketSurvey.read(in: files) }
        #expect(survey.source == .files)
        #expect(survey.counts.states[.established] == 6)
        #expect(survey.counts.states[.timeWait] == 1)
        #expect(survey.counts.states.total == 9)
        #expect(survey.selected == survey.counts)
        let server = try endpoint("127.0.0.1:5000")
        let local = server.address
        let way = SocketCounts.Outgoing(remote: server, local: local)
        // From ports 40000 (a mapped address), 40002 and, in TIME_WAIT, 40003.
        let use = try #require(survey.counts.outgoing[way])
        #expect(use.states[.established] == 2)
        #expect(use.states[.timeWait] == 1)
        #expect(use.ports == 3)
        #expect(survey.counts.outgoing.count == 2)
        let incoming = SocketCounts.Incoming(remote: local, port: 5000)
        #expect(survey.counts.incoming[incoming]?[.established] == 2)
        #expect(survey.counts.incoming.count == 2)
        #expect(survey.availablePorts == 8)
        #expect(survey.freePorts(towards: server, from: local) == 5)
        #expect(survey.freePorts(towards: try endpoint("127.0.0.1:5001"), from: local) == 8)
        #expect(survey.freePorts(towards: server, from: IPAddress(ipv4: 1)) == 8)
    }

    @Test("a port that is listened on or bound is left to no connection, wherever it leads")
    func bound() throws {
        var bound = PortSet()
        for port: UInt16 in [40_001, 40_005] { bound.insert(port) }
        var available = PortSet()
        for port in UInt16(40_000)...40_009 { available.insert(port) }
        available.subtract(bound)
        var counts = SocketCounts(bound: bound, available: available)
        let remote = try endpoint("192.0.2.1:443")
        for (port, state) in [(40_000, TCPState.established), (40_001, .established), (50_000, .finWait2)] {
            let local = IPEndpoint(address: IPAddress(ipv4: 1), port: UInt16(port))
            counts.add(TCPSocket(state: state, local: local, remote: remote))
        }
        let way = SocketCounts.Outgoing(remote: remote, local: IPAddress(ipv4: 1))
        #expect(counts.outgoing[way]?.ports == 1)
        #expect(counts.outgoing[way]?.states.total == 2)
        #expect(counts.incoming.map(\.value.total) == [1])
    }

    @Test("a selection is counted beside all")
    func selection() throws {
        let survey = try with { (files) throws in
            try SocketSurvey.read(in: files) { $0.state == .timeWait }
        }
        #expect(survey.selected.states.total == 1)
        #expect(survey.counts.states.total == 9)
    }

    @Test("without IPv6 there is no tcp6; without tcp nothing is known")
    func missing() throws {
        try with(["proc/self/net/tcp6": nil]) { (files) throws in
            #expect(try TCPSockets.list(in: files).value.count == 5)
        }
        try with(["proc/self/net/tcp": nil]) { (files) throws in
            let error = #expect(throws: MachineError.self) { try TCPSockets.list(in: files) }
            #expect(error?.code == .unavailable)
            #expect(error?.path == files.proc + "/self/net/tcp")
            #expect(error?.reason.hasPrefix("No such file or directory; before that, sock_diag(7) cannot") == true)
            let only = #expect(throws: MachineError.self) { try TCPSockets.list(from: .files, in: files) }
            #expect(only?.reason == "No such file or directory")
        }
    }

    @Test("netlink does not speak for an injected folder, and nobody else does where it must")
    func injected() throws {
        try with { (files) throws in
            let error = #expect(throws: MachineError.self) { try TCPSockets.list(from: .netlink, in: files) }
            #expect(error?.code == .unavailable)
        }
    }

    @Test("of another network the sockets are known, and the ports are not")
    func otherNetwork() throws {
        var links = CapturedSockets.links
        links["proc/4711/ns/net"] = "net:[1]"
        try with(links: links) { (files) throws in
            let survey = try SocketSurvey.read(of: .id(4711), in: files)
            #expect(survey.counts.states.total == 9)
            #expect(survey.range == nil)
            #expect(survey.freePorts(towards: try endpoint("127.0.0.1:5000"), from: IPAddress(ipv4: 1)) == nil)
        }
    }

    @Test("a process's sockets: TCP with both ends, the others by kind, those that no table has")
    func process() throws {
        try with { (files) throws in
            let sockets = try ProcessSockets.read([.id(4711)], in: files).value
            #expect(sockets.descriptors == 8)
            #expect(sockets.tcp.map { "\($0.local)" } == ["127.0.0.1:40000", "127.0.0.1:40002"])
            #expect(sockets.others == [.udp: 1, .unix: 2, .netlink: 1])
            #expect(sockets.unlisted == 1)
            let error = #expect(throws: MachineError.self) { try ProcessSockets.read([.id(1)], in: files) }
            #expect(error?.code == .unavailable)
        }
    }

    @Test("a link that says socket and no inode is malformed", arguments: ["socket:[]", "socket:3", "socket:[x]"])
    func link(target: String) throws {
        try with(links: ["proc/4711/fd/3": target]) { (files) throws in
            let error = #expect(throws: MachineError.self) { try ProcessSockets.inodes(of: .id(4711), in: files) }
            #expect(error?.code == .malformed)
            #expect(error?.path == files.proc + "/4711/fd/3")
        }
    }

    @Test(
        "processes are found by executable, program, script and kernel name",
        arguments: ["tool", "gauge", "gauge (x): y"]
    )
    func name(name: String) throws {
        try with { (files) throws in #expect(try ProcessSearch.named(name, in: files) == [4711]) }
    }

    @Test("a script counts where the kernel names the process after it; what is cut or a mere argument fits no name")
    func script() throws {
        let changes: [String: String?] = [
            "proc/12/cmdline": "/usr/bin/python3\0/opt/a-very-long-script-name\0", "proc/12/comm": "a-very-long-scr\n",
            "proc/13/cmdline": "/usr/bin/vim\0/opt/a-very-long-script-name\0", "proc/13/comm": "vim\n",
        ]
        try with(changes) { (files) throws in
            #expect(try ProcessSearch.named("a-very-long-script-name", in: files) == [12])
            #expect(try ProcessSearch.named("python3", in: files) == [12])
            #expect(try ProcessSearch.named("a-very", in: files).isEmpty)
        }
        let absent = KernelFiles(proc: "/nonexistent")
        let error = #expect(throws: MachineError.self) { try ProcessSearch.named("x", in: absent) }
        #expect(error?.code == .unavailable)
    }
}
