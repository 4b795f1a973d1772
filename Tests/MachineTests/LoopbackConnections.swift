import Foundation
import Glibc
import Machine
import Testing

/// Connections of this process to a port of its own, for the time of a test.
final class LoopbackConnections {
    /// The port that is listened on, on `::1` and on all addresses of IPv4.
    let port: UInt16
    private let listeners: [Int32]
    private var clients: [Int32] = []
    private var servers: [Int32] = []

    /// Opens and accepts connections to 127.0.0.1, some of them from sockets of IPv6 to the mapped address, and to `::1`.
    init(ipv4: Int, mapped: Int = 0, ipv6: Int = 0) throws {
        let listener = try Self.socket(AF_INET)
        try Self.check(Self.bind(listener, Self.address(AF_INET, port: 0)))
        try Self.check(listen(listener, 128))
        var name = sockaddr_in()
        var length = UInt32(MemoryLayout<sockaddr_in>.size)
        let result = withUnsafeMutablePointer(to: &name) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(listener, $0, &length) }
        }
        try Self.check(result)
        port = UInt16(bigEndian: name.sin_port)
        let listener6 = try Self.socket(AF_INET6)
        var only: Int32 = 1
        try Self.check(setsockopt(listener6, Int32(IPPROTO_IPV6), IPV6_V6ONLY, &only, 4))
        try Self.check(Self.bind(listener6, Self.address(AF_INET6, port: port)))
        try Self.check(listen(listener6, 128))
        listeners = [listener, listener6]
        for _ in 0..<ipv4 { try connect(AF_INET, Self.address(AF_INET, port: port), to: listener) }
        for _ in 0..<mapped { try connect(AF_INET6, Self.address(AF_INET6, port: port, mapped: true), to: listener) }
        for _ in 0..<ipv6 { try connect(AF_INET6, Self.address(AF_INET6, port: port), to: listener6) }
    }

    deinit {
        for descriptor in listeners + clients + servers { close(descriptor) }
    }

    /// Closes all connections, at the clients' end first, so that TIME_WAIT is theirs.
    func closeClientsFirst() {
        for descriptor in clients + servers { close(descriptor) }
        clients = []
        servers = []
    }

    /// The state and both ends of every connection that has the port at one of its ends, in order.
    func own(_ sockets: [TCPSocket]) -> [String] {
        sockets.filter { $0.remote != nil && ($0.remote?.port == port || $0.local.port == port) }
            .map { "\($0.state) \($0.local) \($0.remote?.description ?? "")" }.sorted()
    }

    private func connect(_ family: Int32, _ address: [UInt8], to listener: Int32) throws {
        let client = try Self.socket(family)
        clients.append(client)
        let result = address.withUnsafeBytes { bytes in
            bytes.withMemoryRebound(to: sockaddr.self) { Glibc.connect(client, $0.baseAddress, UInt32(address.count)) }
        }
        try Self.check(result)
        let server = accept(listener, nil, nil)
        try Self.check(server)
        servers.append(server)
    }

    private static func socket(_ family: Int32) throws -> Int32 {
        let descriptor = Glibc.socket(family, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        try check(descriptor)
        return descriptor
    }

    private static func bind(_ descriptor: Int32, _ address: [UInt8]) -> Int32 {
        address.withUnsafeBytes { bytes in
            bytes.withMemoryRebound(to: sockaddr.self) { Glibc.bind(descriptor, $0.baseAddress, UInt32(address.count)) }
        }
    }

    /// The bytes of a `sockaddr_in` or `sockaddr_in6` of the loopback device.
    private static func address(_ family: Int32, port: UInt16, mapped: Bool = false) -> [UInt8] {
        let begin = [UInt8(family), 0, UInt8(port >> 8), UInt8(port & 0xFF)]
        if family == AF_INET { return begin + [127, 0, 0, 1] + [UInt8](repeating: 0, count: 8) }
        let zeros = [UInt8](repeating: 0, count: 10)
        return begin + [0, 0, 0, 0] + zeros + (mapped ? [0xFF, 0xFF, 127, 0, 0, 1] : [0, 0, 0, 0, 0, 1]) + [0, 0, 0, 0]
    }

    private static func check(_ result: Int32) throws {
        try #require(result >= 0, "\(String(cString: strerror(errno)))")
    }
}
