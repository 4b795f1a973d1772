internal import ArgumentParser

/// How a command ends that does not end well: what to say on standard error, and the exit code.
struct CommandFailure: Error {
    /// What to say; `nil` where it has been said already.
    var message: String?
    var exitCode: ExitCode

    /// Some objects failed; each was reported.
    static let objectsFailed = CommandFailure(message: nil, exitCode: ExitCode(1))

    /// Something was found that will not work; it was reported.
    static let somethingWillNotWork = CommandFailure(message: nil, exitCode: ExitCode(1))

    /// The command could not start, or an error ended it.
    static func fatal(_ message: String?) -> CommandFailure {
        CommandFailure(message: message, exitCode: ExitCode(2))
    }

    /// The arguments contradict each other or the rules; nothing was tried.
    static func usage(_ message: String) -> CommandFailure {
        CommandFailure(message: message, exitCode: ExitCode(64))
    }

    /// The user interrupted the command.
    static let interrupted = CommandFailure(message: nil, exitCode: ExitCode(130))
}
