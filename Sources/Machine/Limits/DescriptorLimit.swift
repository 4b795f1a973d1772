import Glibc

/// This process's own limit on descriptors, `RLIMIT_NOFILE`, which it can raise.
public enum DescriptorLimit {
    /// The limit as it stands (getrlimit(2)).
    ///
    /// - Throws: ``MachineError/Code/unavailable`` where the system call fails.
    public static func current() throws(MachineError) -> ResourceLimit {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else {
            throw MachineError(code: .unavailable, path: "getrlimit(2)", reason: String(cString: strerror(errno)))
        }
        return ResourceLimit(soft: ceiling(limit.rlim_cur), hard: ceiling(limit.rlim_max))
    }

    /// Raises the soft limit towards the hard one, for this process and what it starts from now on; needs no privilege.
    ///
    /// A soft limit that is as high already stays as it is, so that calling this again changes nothing.
    ///
    /// - Parameter wanted: The soft limit to be had at most; the hard limit by default.
    /// - Returns: The limit afterwards.
    /// - Throws: ``MachineError/Code/refused`` where the kernel refuses (a hard limit above `fs.nr_open`);
    ///   ``MachineError/Code/unavailable`` where the limit cannot be read.
    @discardableResult
    public static func raise(to wanted: Ceiling = .unlimited) throws(MachineError) -> ResourceLimit {
        var limit = try current()
        let target = min(wanted, limit.hard)
        guard target > limit.soft else { return limit }
        limit.soft = target
        var request = rlimit(rlim_cur: value(limit.soft), rlim_max: value(limit.hard))
        guard setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &request) == 0 else {
            throw MachineError(code: .refused, path: "setrlimit(2)", reason: String(cString: strerror(errno)))
        }
        return limit
    }

    // RLIM_INFINITY is a macro with a cast, which Swift does not import: ~0 (getrlimit(2)).
    private static func ceiling(_ value: rlim_t) -> Ceiling {
        value == .max ? .unlimited : .at(UInt64(value))
    }

    private static func value(_ ceiling: Ceiling) -> rlim_t {
        ceiling.value.map { rlim_t($0) } ?? .max
    }
}
