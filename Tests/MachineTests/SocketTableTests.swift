import MachineTestSupport
import Testing

@testable import Machine

@Suite("/proc/net/tcp and tcp6")
struct SocketTableTests {
    private func sockets(_ text: String, isIPv6: Bool = false) throws -> [TCPSocket] {
        try KernelTree.with(["proc/self/net/tcp": text]) { (files) throws in
            var sockets: [TCPSocket] = []
            let table = SocketTable(path: files.path(of: "net/tcp", in: .current), isIPv6: isIPv6)
            #expect(try table.forEach { sockets.append($0) })
            return sockets
        }
    }

    private func endpoint(_ text: String) throws -> IPEndpoint { try #require(IPEndpoint(text)) }

    @Test("captured sockets of IPv4")
    func ipv4() throws {
        let sockets = try sockets(CapturedSockets.tcp)
        #expect(sockets.count == 5)
        let server = try endpoint("127.0.0.1:5000")
        let client = try endpoint("127.0.0.1:40002")
        #expect(sockets[0] == TCPSocket(state: .listening, local: server, userID: 0, inode: 3_548_570))
        #expect(sockets[1].receiveQueue == 300)
        #expect(sockets[1].sendQueue == 0)
        let connected = TCPSocket(state: .established, local: client, remote: server, userID: 1000, inode: 3_548_574)
        #expect(sockets[3] == connected)
        let last = TCPSocket(state: .timeWait, local: try endpoint("127.0.0.1:40003"), remote: server)
        #expect(sockets[4] == last)
    }

    @Test("captured sockets of IPv6; a mapped address is IPv4's, and who was not accepted has no inode")
    func ipv6() throws {
        let sockets = try sockets(CapturedSockets.tcp6, isIPv6: true)
        #expect(sockets.map { "\($0.local)" } == ["[::]:8333", "[::1]:40001", "127.0.0.1:40000", "[::1]:8333"])
        #expect(sockets.map { $0.remote.map { "\($0)" } } == [nil, "[::1]:8333", "127.0.0.1:5000", "[::1]:40001"])
        #expect(sockets[3].inode == nil)
        #expect(sockets.map(\.isIPv6) == [true, true, true, true])
    }

    @Test("every state")
    func states() throws {
        let line = CapturedSockets.tcp.split(separator: "\n")[4]
        let header = CapturedSockets.tcp.split(separator: "\n")[0]
        for (number, state) in zip(1..., TCPState.allCases + [.synReceived, .closed]) {
            let digits = "0" + String(number, radix: 16, uppercase: true)
            let text = "\(header)\n\(line.replacing(" 01 ", with: " \(digits) "))\n"
            #expect(try sockets(text).map(\.state) == [state])
        }
    }

    @Test(
        "a line that is not understood is an error, never fewer sockets",
        arguments: [
            ("0100007F:9C42", "0100007F:9C4"), ("0100007F:9C42", "0100007F9C42:"), ("0100007F:9C42", "0100007G:9C42"),
            (" 01 ", " 0E "), (" 01 ", " 00 "), (" 01 ", " 101 "), ("00000000:00000000 00:", "00000000 00:"),
            ("00000000:00000000 00:", "100000000:00000000 00:"), ("  1000   ", "  10A0   "), ("  1000   ", "  -1   "),
            ("3548574 2", "184467440737095516160 2"), ("3548574 2 000000003d51977a 20 0 0 11 -1", ""),
        ]
    )
    func malformed(old: String, new: String) throws {
        let lines = CapturedSockets.tcp.split(separator: "\n")
        try #require(lines[4].contains(old))
        let text = "\(lines[0])\n\(lines[4].replacing(old, with: new))\n"
        let error = #expect(throws: MachineError.self) { try sockets(text) }
        #expect(error?.code == .malformed)
        #expect(error?.line == 2)
    }

    @Test("no column names, and text that is cut short")
    func cutShort() throws {
        let text = CapturedSockets.tcp
        for text in [String(text.drop { $0 != "\n" }.dropFirst()), String(text.dropLast()), "x"] {
            let error = #expect(throws: MachineError.self) { try sockets(text) }
            #expect(error?.code == .malformed)
        }
    }

    @Test("tables far larger than the memory for reading them; lines that are longer are refused")
    func large() throws {
        let lines = CapturedSockets.tcp.split(separator: "\n")
        let line = lines[3] + "\n"
        let text = lines[0] + "\n" + String(repeating: String(line), count: 3000)
        #expect(try sockets(String(text)).count == 3000)
        let long = lines[0] + "\n" + String(repeating: "x", count: 200_000) + "\n"
        let error = #expect(throws: MachineError.self) { try sockets(String(long)) }
        #expect(error?.reason == "it is longer than 65536 bytes")
        #expect(error?.line == 2)
    }
}
