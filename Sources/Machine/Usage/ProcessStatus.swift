/// What `/proc/PID/status` says of a process (proc_pid_status(5)).
///
/// The amounts of memory are `nil` for a kernel thread and a process that has ended and waits for its parent: these
/// have no memory of their own.
public struct ProcessStatus: Sendable, Hashable {
    /// The name of the process's main thread, at most 15 bytes, with `\n` and `\\` for a line feed and a backslash.
    public var name: String
    /// The process's identifier, its thread group's.
    public var id: Int32
    /// The real user identifier, which the limit on processes and signals goes by.
    public var realUserID: UInt32
    /// The number of threads.
    public var threads: UInt64
    /// Signals queued for all processes of the real user, and the process's limit on these.
    public var queuedSignals: UInt64
    /// `VmSize`: virtual memory, which `RLIMIT_AS` limits.
    public var virtualMemory: ByteCount?
    /// `VmLck`: memory locked into RAM.
    public var lockedMemory: ByteCount?
    /// `VmRSS`: resident memory, shared pages included; accurate to some pages per thread.
    public var resident: ByteCount?
    /// `VmData`: data, heap and thread stacks, which `RLIMIT_DATA` limits.
    public var data: ByteCount?
    /// `VmStk`: the main thread's stack.
    public var stack: ByteCount?

    /// Parses the text of a `status` file; lines that are not known are skipped.
    ///
    /// - Throws: ``MachineError/Code/malformed`` for a known line with another value than it should have, and where one
    ///   that every process has is missing.
    init(parsing file: KernelText) throws(MachineError) {
        var fields: [Substring: (line: Int, value: Substring)] = [:]
        for (number, line) in try file.lines() {
            guard let colon = line.firstIndex(of: ":") else { throw file.malformed("expected a colon", line: number) }
            fields[line[..<colon]] = (number, line[line.index(after: colon)...].drop(while: \.isKernelBlank))
        }

        func field(_ name: Substring) throws(MachineError) -> (line: Int, value: Substring) {
            guard let field = fields[name] else { throw file.malformed("there is no \(name)") }
            return field
        }
        func first<Value: FixedWidthInteger>(_ name: Substring, endedBy end: Character) throws(MachineError) -> Value {
            let (line, value) = try field(name)
            return try file.number(value.prefix { $0 != end }, line: line)
        }
        func memory(_ name: Substring) throws(MachineError) -> ByteCount? {
            guard let (line, value) = fields[name] else { return nil }
            let words = value.split(whereSeparator: \.isKernelBlank)
            guard words.count == 2, words[1] == "kB" else { throw file.malformed("expected kB", line: line) }
            guard let amount = ByteCount(kibibytes: try file.number(words[0], line: line)) else {
                throw file.malformed("the amount is too large", line: line)
            }
            return amount
        }

        name = String(try field("Name").value)
        id = try first("Tgid", endedBy: "\n")
        realUserID = try first("Uid", endedBy: "\t")
        threads = try first("Threads", endedBy: "\n")
        queuedSignals = try first("SigQ", endedBy: "/")
        virtualMemory = try memory("VmSize")
        lockedMemory = try memory("VmLck")
        resident = try memory("VmRSS")
        data = try memory("VmData")
        stack = try memory("VmStk")
    }

    /// The path of the file for a process.
    public static func path(_ process: ProcessReference = .current, in files: KernelFiles = KernelFiles()) -> String {
        files.path(of: "status", in: process)
    }

    /// Reads the status of a process.
    ///
    /// - Throws: ``MachineError`` where the process does not exist or the text is not understood.
    public static func read(
        _ process: ProcessReference = .current,
        in files: KernelFiles = KernelFiles()
    ) throws(MachineError) -> ProcessStatus {
        try ProcessStatus(parsing: KernelFiles.text(at: path(process, in: files)))
    }
}
