import SystemPackage

/// Where the kernel shows its files; tests give folders of their own.
public struct KernelFiles: Sendable, Hashable {
    /// The path that `proc` is mounted on; `/proc` by default.
    public var proc: String
    /// The path below which the control group hierarchies are mounted; `/sys/fs/cgroup` by default.
    public var controlGroups: String

    /// Names the places.
    public init(proc: String = "/proc", controlGroups: String = "/sys/fs/cgroup") {
        self.proc = proc
        self.controlGroups = controlGroups
    }

    /// The size in bytes above which a file is not taken for one of the kernel's.
    static let maximumSize = 1 << 20

    /// Reads a file of the kernel's to its end; bytes that are not UTF-8 are replaced by U+FFFD.
    ///
    /// - Throws: ``MachineError/Code/unavailable`` where it cannot be read; ``MachineError/Code/malformed`` where it is
    ///   larger than ``maximumSize``.
    static func text(at path: String) throws(MachineError) -> KernelText {
        guard let text = try textIfPresent(at: path) else {
            throw MachineError(code: .unavailable, path: path, reason: "\(Errno.noSuchFileOrDirectory)")
        }
        return text
    }

    /// Reads a file of the kernel's to its end; `nil` where there is none, or its process ended while it was read.
    ///
    /// - Throws: As ``text(at:)``, but for a file that does not exist.
    static func textIfPresent(at path: String) throws(MachineError) -> KernelText? {
        var bytes: [UInt8] = []
        do {
            let file = try FileDescriptor.open(FilePath(path), .readOnly, options: .closeOnExec)
            try file.closeAfter {
                var buffer = [UInt8](repeating: 0, count: 16_384)
                while bytes.count <= maximumSize {
                    let count = try buffer.withUnsafeMutableBytes { try file.read(into: $0) }
                    if count == 0 { return }
                    bytes += buffer[..<count]
                }
            }
        } catch Errno.noSuchFileOrDirectory, Errno.noSuchProcess {
            return nil
        } catch {
            throw MachineError(code: .unavailable, path: path, reason: "\(error)")
        }
        guard bytes.count <= maximumSize else {
            throw MachineError(code: .malformed, path: path, reason: "larger than \(maximumSize) bytes")
        }
        // Names of processes are bytes, and are cut after fifteen of them.
        return KernelText(String(decoding: bytes, as: UTF8.self), path: path)
    }
}
