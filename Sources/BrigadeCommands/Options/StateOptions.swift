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
