import SystemPackage

/// An open file that is closed with its last user.
final class OpenFile: Sendable {
    let path: String
    private let descriptor: FileDescriptor

    /// - Throws: `LocalS3Error` with `.storage`.
    init(reading path: String) throws(LocalS3Error) {
        self.path = path
        descriptor = try FileFailure.wrap("open", path) {
            try FileDescriptor.open(FilePath(path), .readOnly, options: .closeOnExec)
        }
    }

    /// Opens a new file for writing, or an existing one to write at its end.
    init(writing path: String, creating: Bool) throws(LocalS3Error) {
        self.path = path
        descriptor = try FileFailure.wrap("open", path) {
            try FileDescriptor.open(
                FilePath(path),
                .writeOnly,
                options: creating ? [.create, .exclusiveCreate, .closeOnExec] : [.append, .closeOnExec],
                permissions: [.ownerReadWrite, .groupRead, .otherRead]
            )
        }
    }

    deinit {
        // Nothing more can be done about a failure to close: what was written has been checked write by write.
        try? descriptor.close()
    }

    func write(_ bytes: UnsafeRawBufferPointer) throws(LocalS3Error) {
        _ = try FileFailure.wrap("write", path) { try descriptor.writeAll(bytes) }
    }

    /// The file's length in bytes.
    func size() throws(LocalS3Error) -> Int {
        Int(try FileFailure.wrap("measure", path) { try descriptor.seek(offset: 0, from: .end) })
    }

    /// At least one byte and at most `count`.
    ///
    /// - Throws: `LocalS3Error` with `.storage`, also when the file ends before.
    func read(at offset: Int, count: Int) throws(LocalS3Error) -> [UInt8] {
        let bytes = try FileFailure.wrap("read", path) {
            try [UInt8](unsafeUninitializedCapacity: count) { buffer, used in
                used = try descriptor.read(
                    fromAbsoluteOffset: Int64(offset),
                    into: UnsafeMutableRawBufferPointer(buffer)
                )
            }
        }
        guard !bytes.isEmpty else {
            throw LocalS3Error(code: .storage, message: "\(path) ends at byte \(offset), before its body does")
        }
        return bytes
    }

    /// Exactly `count` bytes.
    func readAll(at offset: Int, count: Int) throws(LocalS3Error) -> [UInt8] {
        var bytes: [UInt8] = []
        while bytes.count < count {
            bytes += try read(at: offset + bytes.count, count: count - bytes.count)
        }
        return bytes
    }
}
