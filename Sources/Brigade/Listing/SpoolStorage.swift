private import Glibc
internal import SystemPackage

/// Room for bytes that is memory as long as little is needed, and a temporary file without a name from then on.
///
/// The file is gone when the process is, however that ends.
struct SpoolStorage: ~Copyable {
    private let folder: String
    private let memoryLimit: Int
    private var memory: [UInt8] = []
    private var file: FileDescriptor?

    /// Creates room, which is empty.
    ///
    /// - Parameters:
    ///   - folder: Where the file is made, if one is needed.
    ///   - memoryLimit: The most bytes that are kept in memory.
    init(folder: String, memoryLimit: Int) {
        self.folder = folder
        self.memoryLimit = memoryLimit
    }

    deinit {
        try? file?.close()
    }

    /// Writes bytes, over what is there or right behind it.
    ///
    /// - Throws: ``BrigadeError`` with the code `spoolFailed`.
    mutating func write(_ bytes: [UInt8], at offset: Int) throws(BrigadeError) {
        let end = offset + bytes.count
        if file == nil, end <= memoryLimit {
            precondition(offset <= memory.count, "storage grows without gaps")
            memory.replaceSubrange(offset..<min(end, memory.count), with: bytes)
            return
        }
        do {
            if file == nil { try moveToFile() }
            try bytes.withUnsafeBytes { _ = try file?.writeAll(toAbsoluteOffset: Int64(offset), $0) }
        } catch {
            throw failure("written to", error)
        }
    }

    /// Reads bytes that were written.
    ///
    /// - Throws: ``BrigadeError`` with the code `spoolFailed`.
    func read(_ count: Int, at offset: Int) throws(BrigadeError) -> [UInt8] {
        guard let file else { return Array(memory[offset..<offset + count]) }
        do {
            return try [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
                while filled < count {
                    let rest = UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[filled...])
                    let read = try file.read(fromAbsoluteOffset: Int64(offset + filled), into: rest)
                    guard read > 0 else { throw Errno.ioError }
                    filled += read
                }
            }
        } catch {
            throw failure("read", error)
        }
    }

    /// Forgets everything that was written, and gives its room back.
    mutating func clear() {
        memory.removeAll(keepingCapacity: true)
        // Room that cannot be given back now is given back at the end.
        if let file { _ = ftruncate(file.rawValue, 0) }
    }

    /// Makes a file as one would be made, and gives it up again.
    ///
    /// - Throws: ``BrigadeError`` with the code `spoolFailed`.
    func check() throws(BrigadeError) {
        do {
            try makeFile().close()
        } catch {
            throw failure("written to", error)
        }
    }

    private func makeFile() throws(Errno) -> FileDescriptor {
        var path = Array("\(folder)/brigade-XXXXXX".utf8CString)
        let descriptor = mkstemp(&path)
        guard descriptor >= 0 else { throw Errno(rawValue: errno) }
        unlink(path)
        return FileDescriptor(rawValue: descriptor)
    }

    private mutating func moveToFile() throws(Errno) {
        let file = try makeFile()
        self.file = file
        do {
            _ = try memory.withUnsafeBytes { try file.writeAll(toAbsoluteOffset: 0, $0) }
        } catch let error as Errno {
            throw error
        } catch {
            preconditionFailure("FileDescriptor throws nothing but Errno: \(error)")
        }
        memory = []
    }

    private func failure(_ what: String, _ error: any Error) -> BrigadeError {
        BrigadeError(
            code: .spoolFailed,
            message:
                "the temporary file in \(folder), for what has to wait to be in order, cannot be \(what): \(error); "
                + "it takes as much room as the output at most: name a folder for it that has as much "
                + "(--temporary-directory, TMPDIR)",
            cause: error
        )
    }
}
