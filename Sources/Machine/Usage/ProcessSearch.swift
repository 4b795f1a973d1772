import Glibc

/// Processes by name.
public enum ProcessSearch {
    /// Finds the processes that a name fits.
    ///
    /// A name fits the file name of the executable (`/proc/PID/exe`), that of the program that the command line begins
    /// with (`/proc/PID/cmdline`), that of a script run by its own path, and the kernel's name for the process
    /// (`/proc/PID/comm`), which is cut to 15 bytes. What cannot be read of a process, as another user's executable, or
    /// is not UTF-8, fits no name.
    ///
    /// - Parameters:
    ///   - name: A whole name, without a path.
    ///   - files: Where the kernel's files are.
    /// - Returns: Their identifiers, in ascending order.
    /// - Throws: ``MachineError/Code/unavailable`` where the list of processes cannot be read.
    public static func named(_ name: String, in files: KernelFiles = KernelFiles()) throws(MachineError) -> [Int32] {
        guard let folder = opendir(files.proc) else {
            throw MachineError(code: .unavailable, path: files.proc, reason: String(cString: strerror(errno)))
        }
        defer { closedir(folder) }
        var found: [Int32] = []
        while let entry = readdir(folder) {
            guard let id = Int32(entry.pointee.name) else { continue }
            if names(of: .id(id), in: files).contains(name) { found.append(id) }
        }
        return found.sorted()
    }

    private static func names(of process: ProcessReference, in files: KernelFiles) -> [String] {
        var names: [String] = []
        if let link = try? KernelFiles.linkIfPresent(at: files.path(of: "exe", in: process)) {
            // What the kernel adds where the file was replaced, as in an update.
            let deleted = " (deleted)"
            names.append(fileName(link.hasSuffix(deleted) ? link.dropLast(deleted.count) : link[...]))
        }
        let short = (try? KernelFiles.textIfPresent(at: files.path(of: "comm", in: process)))?.text.dropLast()
        if let short { names.append(String(short)) }
        if let line = try? KernelFiles.textIfPresent(at: files.path(of: "cmdline", in: process)) {
            let words = line.text.split(separator: "\0", maxSplits: 2).prefix(2).map(fileName)
            if let program = words.first { names.append(program) }
            // A script stands behind its interpreter, and the kernel names the process after it.
            if words.count > 1, let script = words.last, let short, script.utf8.prefix(15).elementsEqual(short.utf8) {
                names.append(script)
            }
        }
        return names
    }

    private static func fileName(_ path: Substring) -> String {
        String(path[(path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex)...])
    }
}
