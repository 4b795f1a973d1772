import Glibc
import Testing

@testable import Machine

@Suite("Addresses")
struct IPAddressTests {
    @Test(
        "text is read and written as everyone writes it",
        arguments: [
            ("127.0.0.1", "127.0.0.1"), ("0.0.0.0", "0.0.0.0"), ("255.255.255.255", "255.255.255.255"), ("::", "::"),
            ("::1", "::1"), ("2001:DB8:0:0:1:0:0:1", "2001:db8::1:0:0:1"), ("::ffff:192.0.2.1", "192.0.2.1"),
            ("::192.0.2.1", "::192.0.2.1"), ("fe80::1", "fe80::1"),
        ]
    )
    func text(text: String, canonical: String) throws {
        #expect(try #require(IPAddress(text)).description == canonical)
    }

    @Test("what is no address", arguments: ["", "localhost", "1.2.3", "1.2.3.256", ":::", "fe80::1%eth0", "[::1]"])
    func none(text: String) {
        #expect(IPAddress(text) == nil)
    }

    @Test("a mapped address is IPv4's, whatever it is made from")
    func mapped() {
        let address = IPAddress(ipv4: 0x7F00_0001)
        #expect(IPAddress("::ffff:127.0.0.1") == address)
        #expect(IPAddress(high: 0, low: 0xFFFF_7F00_0001) == address)
        #expect(address.ipv4Bits == 0x7F00_0001)
        #expect(IPAddress("::1")?.ipv4Bits == nil)
    }

    @Test("loopback, unspecified and order")
    func kinds() throws {
        let texts = ["0.0.0.0", "10.0.0.1", "127.0.0.1", "127.255.0.1", "128.0.0.1", "::", "::1", "2001:db8::1"]
        let addresses = try texts.map { try #require(IPAddress($0)) }
        #expect(addresses.filter(\.isLoopback).map(\.description) == ["127.0.0.1", "127.255.0.1", "::1"])
        #expect(addresses.filter(\.isUnspecified).map(\.description) == ["0.0.0.0", "::"])
        #expect(addresses.reversed().sorted() == addresses)
    }

    @Test("endpoints", arguments: ["192.0.2.1:443", "[2001:db8::1]:0", "[::1]:65535"])
    func endpoint(text: String) throws {
        #expect(try #require(IPEndpoint(text)).description == text)
    }

    @Test(
        "what is no endpoint",
        arguments: [
            "", ":", "1.2.3.4", "1.2.3.4:", "1.2.3.4:65536", "1.2.3.4:+1", "::1:80", "[1.2.3.4]:80", "[::1]", "a:1",
        ]
    )
    func noEndpoint(text: String) {
        #expect(IPEndpoint(text) == nil)
    }

    @Test("entries of the C library's list")
    func interfaces() throws {
        var name = Array("eth0:1".utf8CString)
        var address = sockaddr_in()
        address.sin_family = UInt16(AF_INET)
        address.sin_addr.s_addr = UInt32(0xC000_0201).bigEndian
        var mask = address
        mask.sin_addr.s_addr = UInt32(0xFFFF_FE00).bigEndian
        var packet = sockaddr()
        packet.sa_family = UInt16(AF_PACKET)
        name.withUnsafeMutableBufferPointer { name in
            withUnsafeMutableBytes(of: &address) { address in
                withUnsafeMutableBytes(of: &mask) { mask in
                    withUnsafeMutablePointer(to: &packet) { packet in
                        var entry = ifaddrs()
                        entry.ifa_name = name.baseAddress
                        entry.ifa_addr = address.baseAddress?.assumingMemoryBound(to: sockaddr.self)
                        entry.ifa_netmask = mask.baseAddress?.assumingMemoryBound(to: sockaddr.self)
                        entry.ifa_flags = UInt32(IFF_UP)
                        var expected = LocalAddress(
                            interface: "eth0:1",
                            address: IPAddress(ipv4: 0xC000_0201),
                            prefixLength: 23,
                            isUp: true
                        )
                        #expect(LocalAddress(entry) == expected)
                        entry.ifa_netmask = nil
                        entry.ifa_flags = 0
                        expected.prefixLength = nil
                        expected.isUp = false
                        #expect(LocalAddress(entry) == expected)
                        entry.ifa_addr = packet
                        #expect(LocalAddress(entry) == nil)
                        entry.ifa_addr = nil
                        #expect(LocalAddress(entry) == nil)
                    }
                }
            }
        }
    }
}
