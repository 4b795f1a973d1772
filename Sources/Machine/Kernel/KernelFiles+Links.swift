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

    /// Whether two processes have the same network (network_namespaces(7)): the same sockets, ports and settings.
    ///
    /// `false` also where that cannot be known, as for another user's process.
    public func isSameNetwork(_ left: ProcessReference, _ right: ProcessReference = .current) -> Bool {
        if left == right { return true }
        guard let namespace = try? Self.linkIfPresent(at: path(of: "ns/net", in: left)) else { return false }
        return namespace == (try? Self.linkIfPresent(at: path(of: "ns/net", in: right)))
    }
}
