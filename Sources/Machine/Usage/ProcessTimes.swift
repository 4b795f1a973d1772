import Glibc

/// The processor time of a process, from `/proc/PID/stat` (proc_pid_stat(5)), in steps of 1/100 s on most systems.
public struct ProcessTimes: Sendable, Hashable {
    /// Processor time in the process's own code.
    public var user: Duration
    /// Processor time in the kernel on the process's behalf.
    public var system: Duration

    /// Parses the text of a `stat` file.
    ///
    /// - Parameters:
    ///   - file: The text; the name in its brackets may hold blanks, brackets and line feeds.
    ///   - ticksPerSecond: The unit of the times, `sysconf(_SC_CLK_TCK)`; greater than 0.
    /// - Throws: ``MachineError/Code/malformed`` where there are no two times behind the name.
    init(parsing file: KernelText, ticksPerSecond: Int64) throws(MachineError) {
        guard let bracket = file.text.lastIndex(of: ")"), file.text.hasSuffix("\n") else {
            throw file.malformed("it is empty or cut short")
        }
        // Fields 14 and 15; the first behind the bracket is field 3.
        let words = file.text[file.text.index(after: bracket)...].dropLast().split(separator: " ")
        guard words.count > 12 else { throw file.malformed("expected 15 fields and more") }
        func time(_ word: Substring) throws(MachineError) -> Duration {
            let ticks: Int64 = try file.number(word, line: 1)
            let (seconds, rest) = ticks.quotientAndRemainder(dividingBy: ticksPerSecond)
            return .seconds(seconds) + .nanoseconds(rest * 1_000_000_000 / ticksPerSecond)
        }
        user = try time(words[11])
        system = try time(words[12])
    }

    /// The path of the file for a process.
    public static func path(_ process: ProcessReference = .current, in files: KernelFiles = KernelFiles()) -> String {
        files.path(of: "stat", in: process)
    }

    /// Reads the times of a process.
    ///
    /// - Throws: ``MachineError`` where the process does not exist or the text is not understood.
    public static func read(
        _ process: ProcessReference = .current,
        in files: KernelFiles = KernelFiles()
    ) throws(MachineError) -> ProcessTimes {
        let ticksPerSecond = sysconf(Int32(_SC_CLK_TCK))
        guard ticksPerSecond > 0 else {
            throw MachineError(code: .unavailable, path: "sysconf(3)", reason: "it does not know _SC_CLK_TCK")
        }
        return try ProcessTimes(
            parsing: KernelFiles.text(at: path(process, in: files)),
            ticksPerSecond: Int64(ticksPerSecond)
        )
    }
}
