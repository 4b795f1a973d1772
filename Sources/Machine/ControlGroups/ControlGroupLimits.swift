/// The limits that control groups set for a process, of version 1 or 2 (cgroups(7); "Control Group v2" of the kernel's
/// documentation).
///
/// A group is limited by all groups above it too. Of several limits the one with the least room left is given; in a
/// container, the groups above its own are out of sight. Hierarchies are looked for where systemd mounts them: version 2
/// on `/sys/fs/cgroup` or its folder `unified`, a controller of version 1 on the folder of its name.
public struct ControlGroupLimits: Sendable, Hashable {
    /// The limit on memory, page cache included; `nil` where no group limits it.
    public var memory: ControlGroupLimit<ByteCount>?
    /// What of the group's memory the kernel takes back before it refuses any: page cache that was not used lately
    /// (`inactive_file` of `memory.stat`); `nil` where no group limits memory, or the group does not tell.
    public var reclaimableMemory: ByteCount?
    /// The limit on the number of threads; `nil` where no group limits it.
    public var threads: ControlGroupLimit<UInt64>?
    /// The limit on processor time; `nil` where no group limits it.
    public var processors: ProcessorQuota?

    /// No limits.
    public init() {}

    /// The path of the file that names a process's groups.
    public static func path(_ process: ProcessReference = .current, in files: KernelFiles = KernelFiles()) -> String {
        files.path(of: "cgroup", in: process)
    }

    /// Reads the limits for a process.
    ///
    /// - Throws: ``MachineError/Code/unavailable`` where the process does not exist, a hierarchy that it is in is not
    ///   mounted or a file cannot be read; ``MachineError/Code/malformed`` for text that is not understood.
    public static func read(
        _ process: ProcessReference = .current,
        in files: KernelFiles = KernelFiles()
    ) throws(MachineError) -> ControlGroupLimits {
        let membership = try ControlGroupMembership(parsing: KernelFiles.text(at: path(process, in: files)))
        let hierarchies = ControlGroupHierarchies(membership: membership, root: files.controlGroups)
        var limits = ControlGroupLimits()
        let memory = try hierarchies.groups(of: "memory")
        limits.memory = try memory.tightest(
            maximum: memory.isUnified ? "memory.max" : "memory.limit_in_bytes",
            current: memory.isUnified ? "memory.current" : "memory.usage_in_bytes"
        )?.map(ByteCount.init(bytes:))
        if let limit = limits.memory { limits.reclaimableMemory = try memory.reclaimable(besideLimit: limit.path) }
        limits.threads = try hierarchies.groups(of: "pids").tightest(maximum: "pids.max", current: "pids.current")
        limits.processors = try hierarchies.groups(of: "cpu").processorQuota()
        return limits
    }
}
