/// Which process a probe looks at.
public enum ProcessReference: Sendable, Hashable, CustomStringConvertible {
    /// The process that asks.
    case current
    /// The process with this identifier.
    case id(Int32)

    /// The name of the process's folder below `/proc`.
    public var description: String {
        switch self {
        case .current: "self"
        case .id(let id): "\(id)"
        }
    }
}

extension KernelFiles {
    /// The path of a file in the folder of a process.
    func path(of file: String, in process: ProcessReference) -> String {
        "\(proc)/\(process)/\(file)"
    }
}
