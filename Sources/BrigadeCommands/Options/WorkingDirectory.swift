private import Foundation

/// The folder in which relative paths are meant.
enum WorkingDirectory {
    /// The process's own.
    static var current: String { FileManager.default.currentDirectoryPath }

    /// A path that means the same in every folder.
    static func absolute(_ path: String, in folder: String = current) -> String {
        path.hasPrefix("/") ? path : "\(folder)/\(path)"
    }
}
