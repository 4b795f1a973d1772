import ArgumentParser

/// The root of the commands.
struct GaugeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gauge",
        abstract: "Shows what the machine is really doing.",
        discussion: """
            Each figure is read from the kernel at that moment, with where it was read. What cannot be read is said \
            to be unknown, never shown as 0. Exit codes: 0 all was read, 2 something could not be read, 64 the \
            arguments are wrong.
            """,
        subcommands: [LimitsCommand.self, SocketsCommand.self]
    )
}
