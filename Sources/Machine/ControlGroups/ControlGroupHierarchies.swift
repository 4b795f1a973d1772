import Glibc

/// Finds the folders of the groups that a process is in.
struct ControlGroupHierarchies {
    /// The groups by hierarchy and controller.
    var membership: ControlGroupMembership
    /// The path below which the hierarchies are mounted.
    var root: String

    /// The folders of the group that limits a controller's resource, and of the groups above it.
    ///
    /// - Throws: ``MachineError/Code/unavailable`` where the hierarchy is not mounted where it is looked for.
    func groups(of controller: String) throws(MachineError) -> ControlGroupFolders {
        if let path = membership.legacy[controller] {
            return try folders(path, mount: "\(root)/\(controller)", isUnified: false)
        }
        guard let path = membership.unified else { return ControlGroupFolders(folders: [], isUnified: true) }
        let isHybrid = !exists("\(root)/cgroup.procs") && exists("\(root)/unified/cgroup.procs")
        return try folders(path, mount: isHybrid ? "\(root)/unified" : root, isUnified: true)
    }

    private func folders(_ path: String, mount: String, isUnified: Bool) throws(MachineError) -> ControlGroupFolders {
        guard exists("\(mount)/cgroup.procs") else {
            throw MachineError(code: .unavailable, path: mount, reason: "no control group hierarchy is mounted there")
        }
        var names = path.split(separator: "/").map(String.init)
        // In a container without a namespace for control groups, the path is the host's and only the own group is
        // mounted; a path that leads out of the namespace (`/../…`) is out of sight as well.
        if names.contains("..") || !exists(([mount] + names).joined(separator: "/") + "/cgroup.procs") { names = [] }
        var folders: [String] = []
        while true {
            folders.append(([mount] + names).joined(separator: "/"))
            if names.popLast() == nil { return ControlGroupFolders(folders: folders, isUnified: isUnified) }
        }
    }

    private func exists(_ path: String) -> Bool {
        access(path, F_OK) == 0
    }
}
