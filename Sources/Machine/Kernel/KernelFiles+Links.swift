import Glibc

extension KernelFiles {
    /// Where a symbolic link of the kernel's leads; `nil` where there is none, or its process ended.
    ///
    /// - Throws: ``MachineError/Code/unavailable`` where it cannot be read.
    static func linkIfPresent(at path: String) throws(MachineError) -> String? {
        var target = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = readlink(path, &target, target.count)
        guard count >= 0 else {
            if errno == ENOENT || errno == ESRCH { return nil }
            throw MachineError(code: .unavailable, path: path, reason: String(cString: strerror(errno)))
        }
        return String(decoding: target[..<count].map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    /// Whether a process has this process's network (network_namespaces(7)), which netlink speaks of.
    ///
    /// `false` also where that cannot be known, as for another user's process.
    func sharesNetwork(with process: ProcessReference) -> Bool {
        let own = KernelFiles()
        if process == .current, proc == own.proc { return true }
        guard let namespace = try? Self.linkIfPresent(at: path(of: "ns/net", in: process)) else { return false }
        return namespace == (try? Self.linkIfPresent(at: own.path(of: "ns/net", in: .current)))
    }
}
