internal import NIOCore
internal import NIOSSL
internal import S3Protocol
internal import SystemPackage

/// Turns what NIO, BoringSSL and the parsers say of a connection into what a person can act on.
enum ConnectionFault {
    /// The error that a connection fails with.
    ///
    /// - Parameters:
    ///   - error: What NIO, BoringSSL or a parser said.
    ///   - origin: The other end.
    ///   - isSetUp: Whether TLS had been set up: what is wrong with it then was spoilt on the way, or is the peer's end.
    /// - Returns: What to report, and whether it may pass.
    static func clientError(
        for error: any Error,
        origin: ConnectionOrigin,
        isSetUp: Bool = false
    ) -> S3ClientError {
        switch error {
        case let error as S3ClientError: return error
        case let error as MalformedHTTP where error.reason == .speaksTLS:
            return S3ClientError(
                code: .tls,
                message: "\(origin.description) speaks TLS, and was asked in plain HTTP; write https:// in its URL"
            )
        case let error as MalformedHTTP:
            return S3ClientError(
                code: .notS3,
                message: "\(origin.description) is no HTTP server: \(error.reason.rawValue); check the endpoint's URL",
                // One that answered before is; its answer was spoilt on the way.
                isRetryable: true
            )
        case let error as MalformedXML:
            return S3ClientError(
                code: .notS3,
                message: "\(origin.description) answered with something that is not S3's XML: \(error.reason); "
                    + "unless it is an S3 server in trouble, check the endpoint's URL",
                isRetryable: true
            )
        case NIOSSLError.uncleanShutdown,
            is NIOSSLError where isSetUp,
            is BoringSSLError where isSetUp:
            return S3ClientError(
                code: .connectionClosed,
                message: "\(origin.description) broke off the TLS connection",
                cause: error,
                isRetryable: true
            )
        case let error as NIOSSLError: return tlsError(error, origin: origin)
        case let error as NIOSSLExtraError:
            return S3ClientError(
                code: .tls,
                message: "the certificate of \(origin.description) does not fit: \(error.description)"
            )
        case let error as BoringSSLError:
            return failed(error, origin: origin)
        case let error as IOError:
            return S3ClientError(
                code: .connectionClosed,
                message: "the connection to \(origin.description) broke",
                cause: Errno(rawValue: error.errnoCode),
                isRetryable: true
            )
        default:
            return S3ClientError(
                code: .connectionClosed,
                message: "the connection to \(origin.description) broke",
                cause: error,
                isRetryable: true
            )
        }
    }

    /// The error for a connection that its peer closed before an answer was complete.
    static func closed(origin: ConnectionOrigin, duringHandshake: Bool, answersReceived: Int) -> S3ClientError {
        if duringHandshake {
            return S3ClientError(
                code: .tls,
                message: "\(origin.description) closed the connection while TLS was set up; "
                    + "if it speaks plain HTTP, write http:// in its URL",
                isRetryable: true
            )
        }
        let hint =
            answersReceived == 0 && !origin.usesTLS ? "; if it speaks TLS, write https:// in its URL" : ""
        return S3ClientError(
            code: .connectionClosed,
            message: "\(origin.description) closed the connection before its answer was complete\(hint)",
            isRetryable: true
        )
    }

    /// The error for a connection that could not be opened.
    ///
    /// It may be tried again: in mid-job a server that restarts refuses connections for a moment, and so does a kernel
    /// that is short of ports. How often is for the caller to say, who knows whether the peer ever answered.
    static func connect(_ error: any Error, origin: ConnectionOrigin, address: SocketAddress) -> S3ClientError {
        let place = "\(origin.description) at \(address.ipAddress ?? "its address"), port \(origin.port)"
        if case ChannelError.connectTimeout(let limit) = error {
            return S3ClientError(
                code: .connect,
                message: "no connection to \(place) within \(limit.nanoseconds / 1_000_000_000) s\(advice(.timedOut))",
                isRetryable: true
            )
        }
        let errno = (error as? IOError).map { Errno(rawValue: $0.errnoCode) } ?? error as? Errno
        return S3ClientError(
            code: .connect,
            message: "no connection to \(place)\(errno.map(advice) ?? "")",
            cause: errno ?? error,
            isRetryable: true
        )
    }

    /// What the kernel's answer to connect(2) means, where its name does not say so, and what to do; RFC 1122, 4.2.3.9.
    private static func advice(_ errno: Errno) -> String {
        switch errno {
        case .connectionRefused:
            ": nothing listens there, or a firewall refuses; check the port, and that the server runs"
        case .timedOut:
            ": nobody answered; check the address, and firewalls on the way, which may drop packets without a word"
        case .networkUnreachable, .noRouteToHost:
            ": this machine knows no way there; check the address, and its own network"
        case .permissionDenied, .notPermitted:
            ": a firewall or a sandbox of this machine forbids it"
        default: ""
        }
    }

    private static func tlsError(_ error: NIOSSLError, origin: ConnectionOrigin) -> S3ClientError {
        let text = String(describing: error)
        if text.contains("WRONG_VERSION_NUMBER") || text.contains("HTTP_REQUEST") {
            return S3ClientError(
                code: .tls,
                message: "\(origin.description) does not speak TLS; if it speaks plain HTTP, write http:// in its URL"
            )
        }
        if text.contains("EOF during handshake") {
            return closed(origin: origin, duringHandshake: true, answersReceived: 0)
        }
        if text.contains("CERTIFICATE_VERIFY_FAILED") {
            return S3ClientError(
                code: .tls,
                message: "the certificate of \(origin.description) is not trusted, or not valid today; "
                    + "name the authority that signed it with --ca-bundle FILE (or AWS_CA_BUNDLE)"
            )
        }
        return failed(error, origin: origin)
    }

    /// Setting TLS up failed for a reason that may pass: a byte was spoilt, or the peer is being restarted.
    private static func failed(_ error: any Error, origin: ConnectionOrigin) -> S3ClientError {
        S3ClientError(
            code: .tls,
            message: "TLS with \(origin.description) failed",
            cause: error,
            isRetryable: true
        )
    }
}
