import Glibc
import MachineTestSupport
import Testing

@testable import Machine

@Suite("sock_diag: requests and answers")
struct SocketDumpStateMachineTests {
    private func dump(_ datagrams: [[UInt8]], family: Int32 = AF_INET) throws -> (SocketDumpStateMachine, [TCPSocket]) {
        var machine = SocketDumpStateMachine(family: UInt8(family), sequence: 1)
        var sockets: [TCPSocket] = []
        for datagram in datagrams { try machine.received(datagram.span.bytes) { sockets.append($0) } }
        return (machine, sockets)
    }

    private func endpoint(_ text: String) throws -> IPEndpoint { try #require(IPEndpoint(text)) }

    private func error(_ datagram: [UInt8]) -> MachineError? {
        #expect(throws: MachineError.self) { try dump([datagram]) }
    }

    private static let end = CapturedSockets.ipv4[5]

    @Test("a request for two states")
    func request() {
        let request = SocketDumpStateMachine(family: 10, sequence: 7).request(states: [.established, .synReceived])
        var expected: [UInt8] = [72, 0, 0, 0, 20, 0, 1, 3, 7, 0, 0, 0, 0, 0, 0, 0, 10, 6, 0, 0]
        expected += [0b1010, 0b1_0000, 0, 0] + [UInt8](repeating: 0, count: 48)
        #expect(request == expected)
    }

    @Test("a request for the connections to a remote port, which is in network byte order")
    func remotePort() {
        let machine = SocketDumpStateMachine(family: 2, sequence: 1)
        let plain = machine.request(states: [.established])
        var request = machine.request(states: [.established], remotePort: 0x1F90)
        #expect(request[26...27].elementsEqual([0x1F, 0x90]))
        request.replaceSubrange(26...27, with: [0, 0])
        #expect(request == plain)
    }

    @Test("captured sockets of IPv4, in one datagram or in several", arguments: [true, false])
    func ipv4(inOne: Bool) throws {
        let messages = CapturedSockets.ipv4
        let (machine, sockets) = try dump(inOne ? [messages.flatMap { $0 }] : messages)
        #expect(machine.isFinished)
        #expect(!machine.wasInterrupted)
        let server = try endpoint("127.0.0.1:5000")
        let client = try endpoint("127.0.0.1:40002")
        let expected = [
            TCPSocket(state: .listening, local: server, userID: 0, inode: 3_548_570, sendQueue: 100),
            TCPSocket(state: .closed, local: try endpoint("127.0.0.3:40005"), userID: 0, inode: 3_548_579),
            TCPSocket(
                state: .established,
                local: server,
                remote: client,
                userID: 0,
                inode: 3_548_577,
                receiveQueue: 300
            ),
            TCPSocket(state: .established, local: client, remote: server, userID: 0, inode: 3_548_574),
            TCPSocket(state: .timeWait, local: try endpoint("127.0.0.1:40003"), remote: server),
        ]
        #expect(sockets == expected)
    }

    @Test("captured sockets of IPv6; a mapped address is IPv4's")
    func ipv6() throws {
        let (machine, sockets) = try dump(CapturedSockets.ipv6, family: AF_INET6)
        #expect(!machine.isFinished)
        #expect(sockets.map(\.isIPv6) == [true, true, true])
        #expect(sockets.map { "\($0.local)" } == ["[::]:8333", "[::1]:40001", "127.0.0.1:40000"])
        #expect(sockets.map { $0.remote.map { "\($0)" } } == [nil, "[::1]:8333", "127.0.0.1:5000"])
        #expect(sockets[0].receiveQueue == 1)
    }

    @Test("every state of the kernel's, and none beyond")
    func states() throws {
        var message = CapturedSockets.ipv4[3]
        var states: [TCPState] = []
        for number in UInt8(1)...13 {
            message[17] = number
            states += try dump([message]).1.map(\.state)
        }
        #expect(states == TCPState.allCases + [.synReceived, .closed])
        for number: UInt8 in [0, 14, 255] {
            message[17] = number
            #expect(error(message)?.reason == "a socket in state \(number)")
        }
        #expect(Set(TCPState.allCases.map(\.mask)).count == 11)
        #expect(TCPState.allCases.reduce(0) { $0 | $1.mask } == 0b11_1111_1111_1110)
        for state in TCPState.allCases { #expect(TCPState(name: state.description) == state) }
        #expect(TCPState(name: "open") == nil)
    }

    @Test("tables that changed meanwhile are told of, and what answers another request is passed over")
    func flags() throws {
        var interrupted = CapturedSockets.ipv4[3]
        interrupted[6] |= 0x10
        #expect(try dump([interrupted, Self.end]).0.wasInterrupted)
        var stale = CapturedSockets.ipv4[3]
        stale[8] = 9
        let (machine, sockets) = try dump([stale, CapturedSockets.ipv4[4]])
        #expect(sockets.map(\.state) == [.timeWait])
        #expect(!machine.isFinished)
        // Behind the end, nothing is read any more.
        #expect(try dump([Self.end + [1, 2, 3]]).0.isFinished)
    }

    @Test("cut short anywhere is malformed, never fewer sockets")
    func truncated() throws {
        let message = CapturedSockets.ipv4[3]
        for length in 1..<message.count {
            #expect(error(Array(message[..<length]))?.code == .malformed, "\(length) bytes")
        }
        // The message says itself that it is shorter than a socket.
        for length in 0..<(16 + 72) {
            var short = Array(message[..<max(16, length)])
            short[0] = UInt8(length)
            #expect(error(short)?.code == .malformed, "\(length) bytes")
        }
        #expect(try dump([[]]).1.isEmpty)
    }

    @Test("errors of the kernel's are its words; other messages are not understood")
    func errors() throws {
        // struct nlmsgerr: the errno, negated, and the request's header.
        let refused: [UInt8] = [36, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF]
        let request = [UInt8](repeating: 0, count: 16)
        let expected = MachineError(code: .unavailable, path: "sock_diag(7)", reason: "Operation not permitted")
        #expect(error(refused + request) == expected)
        var acknowledged = refused
        acknowledged.replaceSubrange(16..., with: [0, 0, 0, 0])
        #expect(error(acknowledged + request)?.code == .malformed)
        #expect(error([20] + refused[1...])?.code == .malformed)
        // A dump that ends with ENOMEM.
        #expect(error(Self.end[..<16] + [0xF4, 0xFF, 0xFF, 0xFF])?.reason == "Cannot allocate memory")
        #expect(error(Self.end[..<16] + [0, 0, 0, 0x80])?.code == .unavailable)
        var other = Self.end
        other[4] = 4
        #expect(error(other)?.reason == "the kernel lost a part of the answer")
        other[4] = 1
        #expect(try dump([other]).0.isFinished == false)
        other[4] = 77
        #expect(error(other)?.reason == "a message of type 77")
        var foreign = CapturedSockets.ipv4[3]
        foreign[16] = 10
        #expect(error(foreign)?.reason == "a socket of family 10")
    }
}
