public import ArgumentParser
internal import S3Client

/// The `brigade` command with its subcommands.
public struct BrigadeCommand: AsyncParsableCommand {
    /// What `brigade --help` shows.
    public static let configuration = CommandConfiguration(
        commandName: "brigade",
        abstract: "Duplicates S3 buckets of any size, with the copies made by S3 itself.",
        discussion: """
            Exit codes: 0 all done; 1 some objects failed; 2 could not start, or ended by an error; \
            64 wrong usage; 130 interrupted.
            """,
        version: BrigadeVersion.current,
        subcommands: [
            CopyCommand.self, ResumeCommand.self, JobsCommand.self, ReportCommand.self, ListCommand.self,
            DoctorCommand.self, ServeCommand.self, DemoCommand.self,
        ]
    )

    /// Creates the command; ArgumentParser asks for this.
    public init() {}

    /// Parses the process's arguments, runs what they ask for, and exits.
    public static func run() async {
        StandardStreams.fillMissing()
        // Dispatch, which signals and pauses need, would end the process without a word of the reason.
        if let errno = DescriptorReserve(DescriptorReserve.size).restore() {
            StandardError.write(
                "brigade: this process may have too few descriptors open to begin with anything (\(errno)); raise the "
                    + "limit (ulimit -n, LimitNOFILE= of the service)\n"
            )
            exit(withError: ExitCode(2))
        }
        do {
            var command = try parseAsRoot()
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch let failure as CommandFailure {
            if let message = failure.message { StandardError.write("brigade: \(KeyText.escaped(message))\n") }
            exit(withError: failure.exitCode)
        } catch {
            exit(withError: error)
        }
    }
}
