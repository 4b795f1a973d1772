import Glibc

/// How many threads a user has in all processes, which is what `RLIMIT_NPROC` limits.
public enum UserThreads {
    /// Counts the threads of all processes with this real user identifier.
    ///
    /// Reads the status of every process on the machine; one that ends meanwhile is left out. In a process namespace, or
    /// where `/proc` is mounted with `hidepid=2`, only the processes that can be seen are counted, while the kernel's own
    /// count has them all.
    ///
    /// - Throws: ``MachineError/Code/unavailable`` where the list of processes or the status of one that is there cannot
    ///   be read (`hidepid=1`, no descriptor left); ``MachineError/Code/malformed`` for a status that is not understood.
    public static func count(
        realUserID: UInt32,
        in files: KernelFiles = KernelFiles()
    ) throws(MachineError) -> UInt64 {
        guard let folder = opendir(files.proc) else {
            throw MachineError(code: .unavailable, path: files.proc, reason: String(cString: strerror(errno)))
        }
        defer { closedir(folder) }
        var count: UInt64 = 0
        while let entry = readdir(folder) {
            guard let id = Int32(entry.pointee.name) else { continue }
            guard let text = try KernelFiles.textIfPresent(at: ProcessStatus.path(.id(id), in: files)) else { continue }
            let status = try ProcessStatus(parsing: text)
            if status.realUserID == realUserID { count += status.threads }
        }
        return count
    }
}
