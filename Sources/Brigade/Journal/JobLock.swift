internal import Glibc
internal import SystemPackage

/// Keeps two processes from running one job: a lock that the kernel takes away when its holder ends, however it ends.
final class JobLock: Sendable {
    private let file: FileDescriptor

    /// Takes the lock.
    ///
    /// - Parameter path: The lock's file, which is made when it is missing.
    /// - Throws: ``BrigadeError`` with the code `jobRunning` while another process has it; `journalFailed` if the file
    ///   cannot be opened or locked.
    init(path: String) throws(BrigadeError) {
        do {
            file = try FileDescriptor.open(
                FilePath(path),
                .readWrite,
                options: [.create, .closeOnExec],
                permissions: .ownerReadWrite
            )
        } catch {
            throw .journal("cannot open \(path): \(error)")
        }
        // Whoever looks whether the job runs holds the lock for a moment.
        for attempt in 1...10 {
            if flock(file.rawValue, LOCK_EX | LOCK_NB) == 0 { break }
            let failure = Errno(rawValue: errno)
            guard failure == .wouldBlock, attempt < 10 else {
                let holder = Self.process(named: file)
                try? file.close()
                guard failure == .wouldBlock else { throw .journal("cannot lock \(path): \(failure)") }
                throw BrigadeError(
                    code: .jobRunning,
                    message:
                        "the job is being run by process \(holder.map(String.init) ?? "unknown"); wait for its end, "
                        + "or stop it first"
                )
            }
            usleep(20_000)
        }
        let text = Array("\(getpid())\n".utf8)
        ftruncate(file.rawValue, 0)
        _ = try? text.withUnsafeBytes { try file.write(toAbsoluteOffset: 0, $0) }
    }

    deinit {
        release()
        try? file.close()
    }

    /// Gives the lock up; again does nothing.
    ///
    /// Closing the file would not always do: a child process that is just being started has it open as well (flock(2)).
    func release() {
        flock(file.rawValue, LOCK_UN)
    }

    /// The process that has a lock.
    ///
    /// - Returns: Its number, 0 if it did not leave one; `nil` if nobody has the lock.
    static func holder(path: String) -> Int? {
        guard let file = try? FileDescriptor.open(FilePath(path), .readOnly, options: .closeOnExec) else { return nil }
        defer { try? file.close() }
        guard flock(file.rawValue, LOCK_SH | LOCK_NB) != 0, errno == EWOULDBLOCK else { return nil }
        return process(named: file) ?? 0
    }

    private static func process(named file: FileDescriptor) -> Int? {
        var bytes = [UInt8](repeating: 0, count: 20)
        guard let count = try? bytes.withUnsafeMutableBytes({ try file.read(fromAbsoluteOffset: 0, into: $0) })
        else { return nil }
        return Int(String(decoding: bytes[..<count].prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self))
    }
}
