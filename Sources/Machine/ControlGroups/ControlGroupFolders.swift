/// The folders of a control group and of those above it, the group's own first.
struct ControlGroupFolders {
    /// The paths; empty where the process is in no hierarchy that could limit it.
    var folders: [String]
    /// Whether these are of version 2.
    var isUnified: Bool

    /// Of the groups' limits, the one with the least room left; `nil` where none has one.
    ///
    /// - Throws: ``MachineError`` where a file is there and cannot be read or understood, or one of the two is missing.
    func tightest(maximum: String, current: String) throws(MachineError) -> ControlGroupLimit<UInt64>? {
        var tightest: ControlGroupLimit<UInt64>?
        for folder in folders {
            // The group at the top has no such file, nor has one that the controller is not turned on for.
            guard let file = try KernelFiles.textIfPresent(at: "\(folder)/\(maximum)"),
                let limit = try Self.maximum(file)
            else { continue }
            let inUse = try KernelFiles.text(at: "\(folder)/\(current)").number()
            let found = ControlGroupLimit(maximum: limit, inUse: inUse, path: file.path)
            if tightest.map({ found.room < $0.room }) ?? true { tightest = found }
        }
        return tightest
    }

    /// The page cache that the kernel would take back first, of the group whose limit stands in a file, with all groups
    /// below it.
    ///
    /// - Returns: `nil` where the group has no `memory.stat`.
    /// - Throws: ``MachineError`` where it cannot be read, or has no such line.
    func reclaimable(besideLimit path: String) throws(MachineError) -> ByteCount? {
        let folder = path[..<(path.lastIndex(of: "/") ?? path.startIndex)]
        let name = isUnified ? "inactive_file" : "total_inactive_file"
        guard let file = try KernelFiles.textIfPresent(at: "\(folder)/memory.stat") else { return nil }
        for (number, line) in try file.lines() {
            let words = line.split(whereSeparator: \.isKernelBlank)
            if words.count == 2, words[0] == name {
                return ByteCount(bytes: try file.number(words[1], line: number))
            }
        }
        throw file.malformed("there is no \(name)")
    }

    /// Of the groups' quotas, the smallest; `nil` where none has one.
    ///
    /// - Throws: ``MachineError`` where a file is there and cannot be read or understood.
    func processorQuota() throws(MachineError) -> ProcessorQuota? {
        var smallest: ProcessorQuota?
        for folder in folders {
            guard let quota = isUnified ? try unifiedQuota(in: folder) : try legacyQuota(in: folder) else { continue }
            if smallest.map({ quota.processors < $0.processors }) ?? true { smallest = quota }
        }
        return smallest
    }

    /// The limit that a file gives; `nil` for none.
    ///
    /// No limit is `max`, or in version 1 a number so large that it says so: the most that a counter of pages holds, in
    /// bytes. It depends on the page size, which is at most 64 KiB.
    private static func maximum(_ file: KernelText) throws(MachineError) -> UInt64? {
        if try file.words() == ["max"] { return nil }
        let number = try file.number()
        return number >= 0x7FFF_FFFF_FFFF_0000 ? nil : number
    }

    /// `cpu.max`: quota or `max`, and period, both in microseconds.
    private func unifiedQuota(in folder: String) throws(MachineError) -> ProcessorQuota? {
        guard let file = try KernelFiles.textIfPresent(at: "\(folder)/cpu.max") else { return nil }
        let words = try file.words()
        guard words.count == 2 else { throw file.malformed("expected quota and period", line: 1) }
        if words[0] == "max" { return nil }
        return try quota(file.number(words[0], line: 1), period: file.number(words[1], line: 1), file)
    }

    /// `cpu.cfs_quota_us`, with −1 for none, and `cpu.cfs_period_us`.
    private func legacyQuota(in folder: String) throws(MachineError) -> ProcessorQuota? {
        guard let file = try KernelFiles.textIfPresent(at: "\(folder)/cpu.cfs_quota_us") else { return nil }
        if try file.words() == ["-1"] { return nil }
        return try quota(file.number(), period: KernelFiles.text(at: "\(folder)/cpu.cfs_period_us").number(), file)
    }

    private func quota(_ quota: UInt64, period: UInt64, _ file: KernelText) throws(MachineError) -> ProcessorQuota {
        guard let quota = Int64(exactly: quota), let period = Int64(exactly: period), period > 0 else {
            throw file.malformed("the quota or its period is out of range", line: 1)
        }
        return ProcessorQuota(time: .microseconds(quota), period: .microseconds(period), path: file.path)
    }
}
