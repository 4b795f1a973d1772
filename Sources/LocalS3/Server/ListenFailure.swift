import NIOCore
import SystemPackage

/// Says why an address could not be listened on.
enum ListenFailure {
    /// The error with `.bind` for what NIO threw.
    static func error(for error: any Error, host: String, port: Int) -> LocalS3Error {
        let reason =
            switch error {
            case let error as IOError: Errno(rawValue: error.errnoCode).description
            case let error as SocketAddressError.UnknownHost: error.errorDescription
            default: "\(error)"
            }
        return LocalS3Error(code: .bind, message: "cannot listen on \(host) port \(port): \(reason)")
    }
}
