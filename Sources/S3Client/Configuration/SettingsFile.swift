import Glibc

/// Reads settings files from disk.
enum SettingsFile {
    /// The size in bytes above which a file is not taken for a settings file.
    static let maximumSize = 1 << 20

    /// The text of the file at a path, which may be a pipe or a device too; `nil` where there is no such file.
    ///
    /// - Throws: ``S3ClientError/Code/configuration`` with the system's reason where the file cannot be read, where it
    ///   is larger than ``maximumSize``, and where its bytes are not UTF-8.
    static func read(_ path: String) throws(S3ClientError) -> String? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT || errno == ENOTDIR { return nil }
            throw unreadable(path, String(cString: strerror(errno)))
        }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        while bytes.count <= maximumSize {
            var failure: Int32 = 0
            let piece = [UInt8](unsafeUninitializedCapacity: 65_536) { buffer, count in
                let result = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
                failure = result < 0 ? errno : 0
                count = max(0, result)
            }
            guard failure == 0 || failure == EINTR else { throw unreadable(path, String(cString: strerror(failure))) }
            if piece.isEmpty, failure == 0 {
                guard let text = String(validating: bytes, as: UTF8.self) else { throw unreadable(path, "not UTF-8") }
                return text
            }
            bytes += piece
        }
        throw unreadable(path, "larger than \(maximumSize) bytes")
    }

    private static func unreadable(_ path: String, _ reason: String) -> S3ClientError {
        S3ClientError(code: .configuration, message: "\(path) cannot be read: \(reason)")
    }
}
