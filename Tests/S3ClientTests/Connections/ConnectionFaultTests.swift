import NIOCore
import NIOSSL
import S3Protocol
import SystemPackage
import Testing

@testable import S3Client

@Suite("What is said of a connection that failed")
struct ConnectionFaultTests {
    private let plain = ConnectionOrigin(host: "s3.example.com", port: 80, usesTLS: false)
    private let secure = ConnectionOrigin(host: "::1", port: 8443, usesTLS: true)

    private struct Unknown: Error {}

    @Test("an error of the client's own stays as it is")
    func ownError() {
        let error = S3ClientError(code: .oversized, message: "too large")
        let result = ConnectionFault.clientError(for: error, origin: plain)
        #expect(result.code == .oversized)
        #expect(result.message == "too large")
    }

    @Test("a peer that is no S3 server is named with what it did instead")
    func notS3() {
        let tls = ConnectionFault.clientError(for: MalformedHTTP(.speaksTLS), origin: plain)
        #expect(tls.code == .tls)
        #expect(
            tls.message == "http://s3.example.com:80 speaks TLS, and was asked in plain HTTP; write https:// in its URL"
        )
        let other = ConnectionFault.clientError(for: MalformedHTTP(.notHTTP), origin: plain)
        #expect(other.code == .notS3)
        #expect(other.isRetryable, "one that answered before has had its answer spoilt on the way")
        #expect(other.message.contains("it does not begin with HTTP/1.1"))
        let page = ConnectionFault.clientError(for: MalformedXML(reason: "it is empty"), origin: plain)
        #expect(page.code == .notS3)
        #expect(page.isRetryable, "a page that broke off may come whole the next time")
    }

    @Test("what the kernel says is told by its own words")
    func kernel() {
        let error = ConnectionFault.clientError(for: IOError(errnoCode: 32, reason: "write"), origin: plain)
        #expect(error.code == .connectionClosed)
        #expect(error.isRetryable)
        #expect(error.cause as? Errno == .brokenPipe)
        #expect(error.description == "the connection to http://s3.example.com:80 broke (Broken pipe)")
    }

    @Test("an unknown error is a connection that broke, with its cause kept")
    func unknown() {
        let error = ConnectionFault.clientError(for: Unknown(), origin: secure)
        #expect(error.code == .connectionClosed)
        #expect(error.isRetryable)
        #expect(error.cause is Unknown)
        #expect(error.message == "the connection to https://[::1]:8443 broke")
    }

    @Test("TLS that does not fit is not tried again, what was spoilt or cut off is")
    func tls() {
        let failed = ConnectionFault.clientError(for: NIOSSLError.handshakeFailed(.unknownError([])), origin: secure)
        #expect(failed.code == .tls)
        #expect(failed.isRetryable, "the handshake may have been spoilt on its way")
        let library = ConnectionFault.clientError(for: BoringSSLError.unknownError([]), origin: secure)
        #expect(library.code == .tls)
        for error in [BoringSSLError.unknownError([]), NIOSSLError.writeDuringTLSShutdown] as [any Error] {
            let spoilt = ConnectionFault.clientError(for: error, origin: secure, isSetUp: true)
            #expect(spoilt.code == .connectionClosed && spoilt.isRetryable)
        }
        let name = ConnectionFault.clientError(for: NIOSSLExtraError.failedToValidateHostname, origin: secure)
        #expect(name.code == .tls && !name.isRetryable)
        #expect(name.message.contains("the certificate of https://[::1]:8443 does not fit"))
        let cut = ConnectionFault.clientError(for: NIOSSLError.uncleanShutdown, origin: secure)
        #expect(cut.code == .connectionClosed)
        #expect(cut.isRetryable)
    }

    @Test("a connection that closed early hints at the other scheme only where that may be the cause")
    func closed() {
        let first = ConnectionFault.closed(origin: plain, duringHandshake: false, answersReceived: 0)
        #expect(first.message.hasSuffix("; if it speaks TLS, write https:// in its URL"))
        #expect(first.isRetryable)
        let later = ConnectionFault.closed(origin: plain, duringHandshake: false, answersReceived: 1)
        #expect(later.message.hasSuffix("before its answer was complete"))
        let secured = ConnectionFault.closed(origin: secure, duringHandshake: false, answersReceived: 0)
        #expect(secured.message.hasSuffix("before its answer was complete"))
        let handshake = ConnectionFault.closed(origin: secure, duringHandshake: true, answersReceived: 0)
        #expect(handshake.code == .tls)
        #expect(handshake.message.hasSuffix("write http:// in its URL"))
    }

    @Test("a connection that could not be opened names the address that was tried, and may be tried again")
    func connect() throws {
        let address = try SocketAddress(ipAddress: "192.0.2.7", port: 80)
        let refused = ConnectionFault.connect(
            IOError(errnoCode: 111, reason: "connect"),
            origin: plain,
            address: address
        )
        #expect(refused.code == .connect)
        #expect(
            refused.description
                == "no connection to http://s3.example.com:80 at 192.0.2.7, port 80: nothing listens there, or a firewall "
                + "refuses; check the port, and that the server runs (Connection refused)"
        )
        let late = ConnectionFault.connect(ChannelError.connectTimeout(.seconds(10)), origin: plain, address: address)
        #expect(late.message.contains("within 10 s: nobody answered"))
        let other = ConnectionFault.connect(Unknown(), origin: plain, address: address)
        #expect(other.cause is Unknown)
        for error in [refused, late, other] {
            #expect(error.code == .connect)
            #expect(error.isRetryable)
        }
    }
}
