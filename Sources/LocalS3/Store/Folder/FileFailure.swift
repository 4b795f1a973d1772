import Foundation
import SystemPackage

/// Says which file could not be handled, and why.
enum FileFailure {
    /// Carries out a system call, or one of Foundation's that makes some.
    ///
    /// - Throws: `LocalS3Error` with `.storage`, naming the path and the kernel's reason.
    static func wrap<Result>(
        _ action: String,
        _ path: String,
        call: () throws -> Result
    ) throws(LocalS3Error) -> Result {
        do {
            return try call()
        } catch {
            throw LocalS3Error(code: .storage, message: "cannot \(action) \(path): \(reason(error))")
        }
    }

    /// The kernel's reason, which Foundation keeps underneath its own error.
    private static func reason(_ error: any Error) -> String {
        guard let reason = (error as? CocoaError)?.underlying as? POSIXError else { return "\(error)" }
        return Errno(rawValue: reason.code.rawValue).description
    }

    /// Carries out a call of the C library that returns 0, or −1 and `errno`.
    static func check(_ action: String, _ path: String, call: () -> CInt) throws(LocalS3Error) {
        guard call() == 0 else {
            throw LocalS3Error(code: .storage, message: "cannot \(action) \(path): \(Errno(rawValue: errno))")
        }
    }
}
