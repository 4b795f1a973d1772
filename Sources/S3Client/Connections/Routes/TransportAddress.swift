internal import Glibc
internal import NIOCore
internal import SystemPackage

/// An address that sockets are bound or connected to, with its text, which is made once.
struct TransportAddress: Sendable, Hashable, CustomStringConvertible {
    let socketAddress: SocketAddress
    /// `192.0.2.1:443` or `[2001:db8::1]:443`; without the port where that is 0.
    let description: String

    init(_ address: SocketAddress) {
        socketAddress = address
        let ip = address.ipAddress ?? "\(address)"
        description =
            switch address.port {
            case .none, 0: ip
            case .some(let port): ip.contains(":") ? "[\(ip)]:\(port)" : "\(ip):\(port)"
            }
    }

    /// Takes the address of a socket's end and leaves its port out.
    init(withoutPortOf address: SocketAddress) {
        var address = address
        address.port = 0
        self.init(address)
    }

    /// Takes a local address of which connections are to leave, and asks the kernel whether this machine has it.
    ///
    /// - Throws: ``S3ClientError`` with the code `configuration`.
    init(source text: String) throws(S3ClientError) {
        guard let address = try? SocketAddress(ipAddress: text, port: 0) else {
            throw S3ClientError(
                code: .configuration,
                message: "the source address '\(text)' is no address; write one as 192.0.2.1 or 2001:db8::1"
            )
        }
        self.init(address)
        do throws(Errno) {
            try bindOnce()
        } catch {
            throw S3ClientError(
                code: .configuration,
                message: error == .addressNotAvailable
                    ? "the source address \(text) is none of this machine's (ip address shows them)"
                    : "no connection can leave from the source address \(text)",
                cause: error
            )
        }
    }

    private func bindOnce() throws(Errno) {
        let family = socketAddress.protocol == .inet6 ? AF_INET6 : AF_INET
        let descriptor = socket(family, CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw Errno(rawValue: errno) }
        defer { close(descriptor) }
        // Else bind(2) would want a port that no connection to anywhere has.
        var isOn: CInt = 1
        let option = NIOBSDSocket.Option.bindAddressNoPort.rawValue
        setsockopt(descriptor, CInt(IPPROTO_IP), CInt(option), &isOn, socklen_t(MemoryLayout<CInt>.size))
        let result = socketAddress.withSockAddr { bind(descriptor, $0, socklen_t($1)) }
        guard result == 0 else { throw Errno(rawValue: errno) }
    }
}
