import Foundation
public import Machine

/// A folder with files as the kernel shows them, for the time of a test.
public enum KernelTree {
    /// Makes a folder, hands it to the body, and removes it again.
    ///
    /// - Parameters:
    ///   - contents: The files by their paths below the folder: `proc/meminfo`, `cgroup/memory.max`. A path that ends in
    ///     `/` makes an empty folder.
    ///   - links: Symbolic links by their paths, with what they lead to: `["proc/1/fd/3": "socket:[4711]"]`.
    ///   - body: What to do with it.
    /// - Returns: What the body returns.
    /// - Throws: What the body throws, or why the folder cannot be made.
    public static func with<Result>(
        _ contents: [String: String],
        links: [String: String] = [:],
        _ body: (KernelFiles) throws -> Result
    ) throws -> Result {
        let root = FileManager.default.temporaryDirectory.appending(path: "KernelTree-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: root) }
        for (path, text) in contents {
            let file = root.appending(path: path)
            let folder = path.hasSuffix("/") ? file : file.deletingLastPathComponent()
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            if !path.hasSuffix("/") { try Data(text.utf8).write(to: file) }
        }
        for (path, target) in links {
            let link = root.appending(path: path)
            try FileManager.default.createDirectory(
                at: link.deletingLastPathComponent(),
                withIntermediateDirectories: true
            )
            try FileManager.default.createSymbolicLink(atPath: link.path(), withDestinationPath: target)
        }
        return try body(
            KernelFiles(
                proc: root.appending(path: "proc").path(),
                controlGroups: root.appending(path: "cgroup").path()
            )
        )
    }
}
