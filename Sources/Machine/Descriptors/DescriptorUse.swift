import Glibc

/// How many descriptors a process has open, from `/proc/PID/fd` (proc_pid_fd(5)).
public enum DescriptorUse {
    /// The path of the folder for a process.
    public static func path(_ process: ProcessReference = .current, in files: KernelFiles = KernelFiles()) -> String {
        files.path(of: "fd", in: process)
    }

    /// Counts the open descriptors of a process, without the one that the counting itself needs.
    ///
    /// Reads the whole folder, so the time that it takes grows with the count.
    ///
    /// - Throws: ``MachineError/Code/unavailable`` where the process does not exist, or is another user's, or no
    ///   descriptor is left to open the folder with; ``MachineError/Code/malformed`` where the folder has anything but
    ///   numbers in it.
    public static func count(
        _ process: ProcessReference = .current,
        in files: KernelFiles = KernelFiles()
    ) throws(MachineError) -> Int {
        var count = 0
        try forEach(of: process, in: files) { _ in count += 1 }
        return count
    }

    /// Calls the body with the path of each open descriptor of a process, without the one that this needs itself.
    ///
    /// - Throws: As ``count(_:in:)``, and what the body throws.
    static func forEach(
        of process: ProcessReference,
        in files: KernelFiles,
        _ body: (String) throws(MachineError) -> Void
    ) throws(MachineError) {
        let path = path(process, in: files)
        guard let folder = opendir(path) else { throw unavailable(path) }
        defer { closedir(folder) }
        while true {
            errno = 0
            guard let entry = readdir(folder) else {
                guard errno == 0 else { throw unavailable(path) }
                return
            }
            let name = entry.pointee.name
            if name == "." || name == ".." { continue }
            guard let number = Int32(name), number >= 0 else {
                throw MachineError(code: .malformed, path: path, reason: "an entry is not a number")
            }
            if number != dirfd(folder) || !isSame(folder, entry: name) { try body("\(path)/\(name)") }
        }
    }

    /// Whether an entry leads to the folder itself, as the entry of the descriptor that it is read with does.
    private static func isSame(_ folder: OpaquePointer, entry: String) -> Bool {
        var itself = stat()
        var target = stat()
        return fstat(dirfd(folder), &itself) == 0 && fstatat(dirfd(folder), entry, &target, 0) == 0
            && itself.st_dev == target.st_dev && itself.st_ino == target.st_ino
    }

    private static func unavailable(_ path: String) -> MachineError {
        MachineError(code: .unavailable, path: path, reason: String(cString: strerror(errno)))
    }
}
