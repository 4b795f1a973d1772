internal import ArgumentParser
internal import Brigade
private import Foundation

/// Where the journals of jobs are.
struct StateOptions: ParsableArguments {
    @Option(
        name: .customLong("state-directory"),
        help: ArgumentHelp(
            "Where jobs are kept; else $XDG_STATE_HOME/brigade, or ~/.local/state/brigade.",
            valueName: "folder"
        )
    )
    var stateDirectory: String?

    func validate() throws {
        guard stateDirectory?.isEmpty != true else { throw ValidationError("--state-directory needs a folder.") }
    }

    /// The command that goes on with a job kept there, as it is typed into the same shell.
    func resumeCommand(_ id: String) -> String {
        guard let stateDirectory else { return "brigade resume \(id)" }
        let isPlain = stateDirectory.utf8.allSatisfy { byte in
            UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte || UInt8(ascii: "A")...UInt8(ascii: "Z") ~= byte
                || UInt8(ascii: "-")...UInt8(ascii: "9") ~= byte || byte == UInt8(ascii: "_")
        }
        let word = isPlain ? stateDirectory : "'\(stateDirectory.replacingOccurrences(of: "'", with: "'\\''"))'"
        return "brigade resume \(id) --state-directory \(word)"
    }

    /// The folder.
    ///
    /// - Throws: ``CommandFailure`` if neither option nor environment names one.
    func directory() throws -> StateDirectory {
        if let stateDirectory { return StateDirectory(path: WorkingDirectory.absolute(stateDirectory)) }
        do {
            return try StateDirectory(environment: ProcessInfo.processInfo.environment)
        } catch {
            throw CommandFailure.fatal(error.message)
        }
    }
}
