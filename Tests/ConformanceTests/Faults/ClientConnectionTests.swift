import FlowControl
import Glibc
import LocalS3
import S3Client
import S3Protocol
import ServerTestSupport
import Testing

@Suite("a client and its connections", .timeLimit(.minutes(5)))
struct ClientConnectionTests {
    @Test("every connection is accounted for, with both its ends")
    func accounts() async throws {
        var faults = Faults()
        faults.closeAfterRequests = 2
        try await withFaultyServer(faults, change: { $0.sourceAddresses = ["127.0.0.9"] }) { server, client in
            for number in 0..<5 { try await client.putObject(.source, ObjectKey("object-\(number)"), body: [1]) }
            let remote = try #require(try await client.addresses().first)
            #expect("http://\(remote)" == server.endpoint)
            let statistics = await client.statistics().connections
            #expect(statistics.opened == 3 && statistics.closedByPeer == 2 && statistics.open == 1)
            #expect(statistics.addresses.map(\.source) == ["127.0.0.9"])
            #expect(statistics.addresses.map(\.remote) == [remote])
            #expect(statistics.addresses[0].tally.requests == 5)
            #expect(statistics.addresses[0].tally.ended == [.announced: 2])
            let open = await client.openConnections()
            #expect(open.map(\.remote) == [remote])
            #expect(open[0].local.hasPrefix("127.0.0.9:"))
            #expect(open[0].requests == 1 && !open[0].isInUse && open[0].age > .zero)
        }
    }

    @Test("what was open at the end was closed by the client, which still knows of it")
    func end() async throws {
        try await withLocalS3 { server in
            var configuration = S3ClientConfiguration()
            configuration.endpoint = try Endpoint(url: server.endpoint)
            let client = try S3Client(configuration)
            _ = try await client.listBuckets()
            await client.shutDown()
            let row = try #require(await client.statistics().connections.addresses.first)
            #expect(row.tally.ended == [.finished: 1])
            #expect(row.tally.requests == 1 && row.tally.open == 0)
            #expect(await client.openConnections().isEmpty)
        }
    }

    @Test("an address where nobody answers is told from one that refuses")
    func silentAddress() async throws {
        let silent = try SilentListener()
        defer { silent.close() }
        var configuration = S3ClientConfiguration()
        configuration.endpoint = try Endpoint(url: "http://127.0.0.1:\(silent.port)")
        configuration.connectTimeout = .milliseconds(300)
        configuration.retry.maximumAttempts = 1
        try await withNewClient(configuration) { client in
            let error = await #expect(throws: S3ClientError.self) { _ = try await client.listBuckets() }
            #expect(error?.code == .connect)
            #expect(error?.message.contains("nobody answered; check the address, and firewalls on the way") == true)
            #expect(await client.statistics().connections.addresses.map(\.tally.failedToOpen) == [[0: 1]])
        }
    }

    @Test("source addresses have to be this machine's, and of the family of the remote ones")
    func sources() async throws {
        var configuration = S3ClientConfiguration()
        for (address, reason) in [("192.0.2.1", "none of this machine's"), ("nine", "is no address")] {
            configuration.sourceAddresses = ["127.0.0.1", address]
            let error = #expect(throws: S3ClientError.self) { try configuration.validate() }
            #expect(error?.code == .configuration)
            #expect(error?.message.contains(reason) == true)
        }
        configuration.sourceAddresses = ["::1"]
        configuration.endpoint = try Endpoint(url: "http://127.0.0.1:9")
        try await withNewClient(configuration) { client in
            let error = await #expect(throws: S3ClientError.self) { _ = try await client.listBuckets() }
            #expect(error?.code == .connect)
            #expect(
                error?.message.contains("(127.0.0.1:9) and the source addresses (::1) are not of one family") == true
            )
        }
    }
}

/// A port of 127.0.0.1 whose queue of connections is full, so that the kernel drops what comes for it (listen(2)).
private struct SilentListener {
    let port: Int
    private let descriptors: [CInt]

    init() throws {
        func newSocket() -> CInt { socket(AF_INET, CInt(SOCK_STREAM.rawValue) | CInt(SOCK_NONBLOCK.rawValue), 0) }
        let listener = newSocket()
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let fillers = [newSocket(), newSocket(), newSocket()]
        withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                _ = bind(listener, address, length)
                _ = listen(listener, 0)
                _ = getsockname(listener, address, &length)
                for filler in fillers { _ = connect(filler, address, length) }
            }
        }
        port = Int(UInt16(bigEndian: address.sin_port))
        descriptors = fillers + [listener]
    }

    func close() {
        for descriptor in descriptors { _ = Glibc.close(descriptor) }
    }
}
