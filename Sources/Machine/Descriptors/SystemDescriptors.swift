/// The open files of the whole system and their limits, from `/proc/sys/fs` (proc_sys_fs(5)).
public struct SystemDescriptors: Sendable, Hashable {
    /// Open file handles of all processes; several descriptors may share one.
    public var inUse: UInt64
    /// `fs.file-max`: how many handles unprivileged processes can have in all; beyond, opening fails with `ENFILE`.
    public var maximum: UInt64
    /// `fs.nr_open`: what a process's hard limit on descriptors can be raised to at most.
    public var maximumPerProcess: UInt64

    /// Creates a record from its parts.
    public init(inUse: UInt64, maximum: UInt64, maximumPerProcess: UInt64) {
        self.inUse = inUse
        self.maximum = maximum
        self.maximumPerProcess = maximumPerProcess
    }

    /// Parses `file-nr` (handles allocated, handles free of these, maximum) and `nr_open`.
    ///
    /// - Throws: ``MachineError/Code/malformed`` for anything but three numbers and one.
    init(fileNumbers: KernelText, perProcess: KernelText) throws(MachineError) {
        let words = try fileNumbers.words()
        guard words.count == 3 else { throw fileNumbers.malformed("expected three numbers", line: 1) }
        let allocated: UInt64 = try fileNumbers.number(words[0], line: 1)
        let free: UInt64 = try fileNumbers.number(words[1], line: 1)
        guard free <= allocated else { throw fileNumbers.malformed("more handles are free than allocated", line: 1) }
        inUse = allocated - free
        maximum = try fileNumbers.number(words[2], line: 1)
        maximumPerProcess = try perProcess.number()
    }

    /// The path of the file with the handles and their maximum.
    public static func path(in files: KernelFiles = KernelFiles()) -> String { "\(files.proc)/sys/fs/file-nr" }

    /// The path of the file with the maximum for a process.
    public static func perProcessPath(in files: KernelFiles = KernelFiles()) -> String {
        "\(files.proc)/sys/fs/nr_open"
    }

    /// Reads the figures of this moment.
    ///
    /// - Throws: ``MachineError`` where a file cannot be read or understood.
    public static func read(in files: KernelFiles = KernelFiles()) throws(MachineError) -> SystemDescriptors {
        try SystemDescriptors(
            fileNumbers: KernelFiles.text(at: path(in: files)),
            perProcess: KernelFiles.text(at: perProcessPath(in: files))
        )
    }
}
