/// All limits of a process, from `/proc/PID/limits` (proc_pid_limits(5)).
public struct ResourceLimits: Sendable, Hashable {
    private var limits: [ResourceLimit]

    /// The limit of one resource.
    public subscript(resource: Resource) -> ResourceLimit { limits[resource.rawValue] }

    /// Parses the text of a `limits` file; lines of resources that are not known are skipped.
    ///
    /// - Throws: ``MachineError/Code/malformed`` for a line without two values, and where a known resource is missing.
    init(parsing file: KernelText) throws(MachineError) {
        var found: [Resource: ResourceLimit] = [:]
        for (number, line) in try file.lines().dropFirst() {
            // The name is padded to 25 columns, so two blanks end it.
            guard let resource = Resource.allCases.first(where: { line.hasPrefix($0.kernelName + "  ") }) else {
                continue
            }
            let values = line.dropFirst(resource.kernelName.count).split(whereSeparator: \.isKernelBlank)
            guard values.count >= 2 else { throw file.malformed("expected a soft and a hard limit", line: number) }
            found[resource] = ResourceLimit(
                soft: try Self.ceiling(values[0], file, line: number),
                hard: try Self.ceiling(values[1], file, line: number)
            )
        }
        limits = []
        for resource in Resource.allCases {
            guard let limit = found[resource] else { throw file.malformed("there is no \"\(resource.kernelName)\"") }
            limits.append(limit)
        }
    }

    /// The path of the file for a process.
    public static func path(_ process: ProcessReference = .current, in files: KernelFiles = KernelFiles()) -> String {
        files.path(of: "limits", in: process)
    }

    /// Reads the limits of a process.
    ///
    /// - Throws: ``MachineError`` where the process does not exist or the text is not understood.
    public static func read(
        _ process: ProcessReference = .current,
        in files: KernelFiles = KernelFiles()
    ) throws(MachineError) -> ResourceLimits {
        try ResourceLimits(parsing: KernelFiles.text(at: path(process, in: files)))
    }

    private static func ceiling(_ word: Substring, _ file: KernelText, line: Int) throws(MachineError) -> Ceiling {
        word == "unlimited" ? .unlimited : .at(try file.number(word, line: line))
    }
}
