internal import Glibc
internal import NIOCore
internal import NIOPosix
private import Synchronization
internal import SystemPackage

/// Looks host names up, each once for as long as its addresses are good, and hands the addresses out in turn.
///
/// Callers who ask for the same name at once share one lookup. The lookup itself is the C library's, on a thread of its
/// own, since it blocks.
final class NameResolver: Sendable {
    /// How long addresses are used before they are looked up again; `getaddrinfo` does not tell the record's own time
    /// to live, and S3's is a few seconds.
    private static let lifetime = TimeAmount.seconds(60)

    /// How long addresses that were good are used on when looking them up anew has failed.
    private static let respite = TimeAmount.seconds(5)

    private struct Entry {
        var lookup: EventLoopFuture<[SocketAddress]>
        var expires: NIODeadline
        var next = 1
        /// What the last lookup that succeeded gave.
        var lastGood: [SocketAddress]?
    }

    private let entries = Mutex<[ConnectionOrigin: Entry]>([:])

    /// The addresses of an origin, the one whose turn it is first.
    ///
    /// A name that could be looked up once goes on with those addresses while the name servers are away.
    ///
    /// - Throws: ``S3ClientError`` with the code `nameLookup`.
    func addresses(of origin: ConnectionOrigin, on eventLoop: any EventLoop) async throws -> [SocketAddress] {
        let now = NIODeadline.now()
        let (lookup, turn) = entries.withLock { entries in
            if let entry = entries[origin], entry.expires > now {
                entries[origin]?.next += 1
                return (entry.lookup, entry.next)
            }
            let lookup = NIOThreadPool.singleton.runIfActive(eventLoop: eventLoop) {
                try Self.lookUp(host: origin.host, port: origin.port)
            }
            let lastGood = entries[origin]?.lastGood
            entries[origin] = Entry(lookup: lookup, expires: now + Self.lifetime, lastGood: lastGood)
            return (lookup, 0)
        }
        do {
            let addresses = try await lookup.get()
            entries.withLock { $0[origin]?.lastGood = addresses }
            return Self.rotated(addresses, by: turn)
        } catch {
            let lastGood = entries.withLock { entries -> [SocketAddress]? in
                guard let lastGood = entries[origin]?.lastGood else {
                    entries[origin] = nil
                    return nil
                }
                entries[origin]?.lookup = eventLoop.makeSucceededFuture(lastGood)
                entries[origin]?.expires = now + Self.respite
                return lastGood
            }
            guard let lastGood else { throw error }
            return Self.rotated(lastGood, by: turn)
        }
    }

    /// Has an origin's name looked up anew the next time: what was found did not serve.
    func forget(_ origin: ConnectionOrigin) {
        entries.withLock { $0[origin]?.expires = .now() }
    }

    private static func rotated(_ addresses: [SocketAddress], by turn: Int) -> [SocketAddress] {
        let first = turn % addresses.count
        return Array(addresses[first...] + addresses[..<first])
    }

    /// The addresses of a name or of a literal address, in the resolver's order (RFC 6724), without repetition.
    static func lookUp(host: String, port: Int) throws -> [SocketAddress] {
        var hints = addrinfo()
        hints.ai_socktype = CInt(SOCK_STREAM.rawValue)
        hints.ai_flags = AI_ADDRCONFIG | AI_NUMERICSERV
        var list: UnsafeMutablePointer<addrinfo>?
        var status = getaddrinfo(host, String(port), &hints, &list)
        if status != 0, status != EAI_AGAIN, status != EAI_SYSTEM {
            // AI_ADDRCONFIG hides loopback addresses on a machine whose only interface is the loopback.
            hints.ai_flags = AI_NUMERICSERV
            status = getaddrinfo(host, String(port), &hints, &list)
        }
        guard status == 0 else {
            let reason =
                status == EAI_SYSTEM ? Errno(rawValue: errno).description : String(cString: gai_strerror(status))
            throw S3ClientError(
                code: .nameLookup,
                message: "the name '\(host)' could not be resolved: \(reason); check the endpoint and the region",
                isRetryable: status == EAI_AGAIN || status == EAI_SYSTEM
            )
        }
        defer { freeaddrinfo(list) }
        var addresses: [SocketAddress] = []
        var entry = list
        while let info = entry?.pointee {
            if let address = socketAddress(info), !addresses.contains(address) { addresses.append(address) }
            entry = info.ai_next
        }
        guard !addresses.isEmpty else {
            throw S3ClientError(code: .nameLookup, message: "the name '\(host)' has neither IPv4 nor IPv6 addresses")
        }
        return addresses
    }

    private static func socketAddress(_ info: addrinfo) -> SocketAddress? {
        guard let address = info.ai_addr else { return nil }
        switch info.ai_family {
        case AF_INET:
            return address.withMemoryRebound(to: sockaddr_in.self, capacity: 1) { SocketAddress($0.pointee) }
        case AF_INET6:
            return address.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) { SocketAddress($0.pointee) }
        default: return nil
        }
    }
}
