/// The control groups that a process is in, from `/proc/PID/cgroup` (cgroups(7)).
struct ControlGroupMembership: Sendable, Hashable {
    /// The path of its group in the version 2 hierarchy; `nil` where there is none.
    var unified: String?
    /// The paths of its groups in the version 1 hierarchies, by controller.
    var legacy: [String: String] = [:]

    /// Parses lines of the form `hierarchy:controllers:path`.
    ///
    /// - Throws: ``MachineError/Code/malformed`` for a line of another form.
    init(parsing file: KernelText) throws(MachineError) {
        for (number, line) in try file.lines() {
            let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard parts.count == 3, parts[2].hasPrefix("/") else {
                throw file.malformed("expected hierarchy, controllers and path", line: number)
            }
            if parts[0] == "0", parts[1].isEmpty {
                unified = String(parts[2])
            } else {
                for controller in parts[1].split(separator: ",") { legacy[String(controller)] = String(parts[2]) }
            }
        }
    }
}
