import SystemPackage

/// The lines of a file of the kernel's that may be far too large to be held in memory.
enum KernelLines {
    /// The length in bytes above which a line is not taken for one of the kernel's.
    static let maximumLength = 65_536

    /// Reads a file line by line.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - body: Called with each line, without its line feed, and its number, counted from 1.
    /// - Returns: Whether the file exists.
    /// - Throws: ``MachineError/Code/unavailable`` where it cannot be read; ``MachineError/Code/malformed`` where its
    ///   last line lacks the line feed or a line is longer than ``maximumLength``; what the body throws.
    static func forEach(
        at path: String,
        _ body: (ArraySlice<UInt8>, Int) throws(MachineError) -> Void
    ) throws(MachineError) -> Bool {
        let file: FileDescriptor
        do {
            file = try FileDescriptor.open(FilePath(path), .readOnly, options: .closeOnExec)
        } catch Errno.noSuchFileOrDirectory, Errno.noSuchProcess {
            return false
        } catch {
            throw MachineError(code: .unavailable, path: path, reason: "\(error)")
        }
        // What goes wrong in closing a file that was only read is no concern of its reader.
        defer { try? file.close() }
        var buffer = [UInt8](repeating: 0, count: 2 * maximumLength)
        var filled = 0
        var number = 0
        while true {
            let count: Int
            do {
                count = try buffer.withUnsafeMutableBytes { try file.read(into: .init(rebasing: $0[filled...])) }
            } catch {
                throw MachineError(code: .unavailable, path: path, reason: "\(error)")
            }
            if count == 0 { break }
            filled += count
            var start = 0
            while let end = buffer[start..<filled].firstIndex(of: UInt8(ascii: "\n")) {
                number += 1
                try body(buffer[start..<end], number)
                start = end + 1
            }
            guard filled - start <= maximumLength else {
                let reason = "it is longer than \(maximumLength) bytes"
                throw MachineError(code: .malformed, path: path, line: number + 1, reason: reason)
            }
            buffer.withUnsafeMutableBytes { $0.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[start..<filled])) }
            filled -= start
        }
        guard filled == 0 else {
            throw MachineError(code: .malformed, path: path, line: number + 1, reason: "it is cut short")
        }
        return true
    }
}
