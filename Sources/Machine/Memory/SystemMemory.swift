/// The machine's memory, from `/proc/meminfo` (proc_meminfo(5)); a control group may allow less.
public struct SystemMemory: Sendable, Hashable {
    /// `MemTotal`: usable RAM.
    public var total: ByteCount
    /// `MemAvailable`: the kernel's estimate of what new processes can have without swapping; page cache that can be
    /// given back is in it.
    public var available: ByteCount

    /// Creates a record from its parts.
    public init(total: ByteCount, available: ByteCount) {
        self.total = total
        self.available = available
    }

    /// Parses the text of `meminfo`; other lines are skipped.
    ///
    /// - Throws: ``MachineError/Code/malformed`` where a value is missing or not in kB.
    init(parsing file: KernelText) throws(MachineError) {
        let lines = try file.lines()
        func amount(_ name: String) throws(MachineError) -> ByteCount {
            guard let (number, line) = lines.first(where: { $0.text.hasPrefix(name + ":") }) else {
                throw file.malformed("there is no \(name)")
            }
            let words = line.split(whereSeparator: \.isKernelBlank)
            guard words.count == 3, words[2] == "kB" else { throw file.malformed("expected kB", line: number) }
            guard let amount = ByteCount(kibibytes: try file.number(words[1], line: number)) else {
                throw file.malformed("the amount is too large", line: number)
            }
            return amount
        }
        total = try amount("MemTotal")
        available = try amount("MemAvailable")
    }

    /// The path of the file.
    public static func path(in files: KernelFiles = KernelFiles()) -> String { "\(files.proc)/meminfo" }

    /// Reads the figures of this moment.
    ///
    /// - Throws: ``MachineError`` where the file cannot be read or understood.
    public static func read(in files: KernelFiles = KernelFiles()) throws(MachineError) -> SystemMemory {
        try SystemMemory(parsing: KernelFiles.text(at: path(in: files)))
    }
}
