internal import Brigade
private import Glibc
internal import S3Protocol
private import SystemPackage

/// The objects of a job that failed, for other programs: one JSON object a line, as `brigade list` writes keys.
struct FailedKeysFile {
    let path: String

    /// Checks that the file can be written, and leaves it as it is.
    ///
    /// - Throws: ``CommandFailure`` if not.
    func check() throws {
        do {
            try open().close()
        } catch let error as Errno {
            throw failure(error)
        }
        unlink(draft)
    }

    /// Writes the file, in place of an older one once it is whole.
    ///
    /// - Throws: ``CommandFailure`` if it cannot be written; `BrigadeError` if the journal cannot be read.
    func write(_ journal: JobJournal) throws {
        do {
            let file = try open()
            defer { try? file.close() }
            var lines: [UInt8] = []
            try journal.forEachFailure { failure in
                lines += Array((JSONLine.encoded(FailedKeyLine(failure)) + "\n").utf8)
                guard lines.count >= 1 << 16 else { return }
                try file.writeAll(lines)
                lines = []
            }
            try file.writeAll(lines)
            guard rename(draft, path) == 0 else { throw Errno(rawValue: errno) }
        } catch let error as Errno {
            throw failure(error)
        }
    }

    private var draft: String { path + ".new" }

    private func open() throws -> FileDescriptor {
        try FileDescriptor.open(
            FilePath(draft),
            .writeOnly,
            options: [.create, .truncate, .closeOnExec],
            permissions: [.ownerReadWrite, .groupRead, .otherRead]
        )
    }

    private func failure(_ error: Errno) -> CommandFailure {
        .fatal("what failed cannot be written to \(path): \(error)")
    }

    /// Takes away a file that is not true any more.
    func remove() {
        unlink(path)
    }
}

/// A line of JSON about an object that failed.
private struct FailedKeyLine: Encodable {
    var key: String
    /// The key's bytes, where they are not UTF-8 and `key` is not exact.
    var keyHex: String?
    var size: Int
    var code: String
    var message: String
    var attempts: Int

    init(_ failure: FailedObject) {
        key = failure.key.description
        keyHex = KeyText.hexadecimalUnlessText(failure.key)
        size = failure.size
        code = failure.code
        message = failure.message
        attempts = failure.attempts
    }
}
