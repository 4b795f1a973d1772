internal import ArgumentParser
internal import Brigade
internal import S3Client
internal import S3Protocol

/// What is kept of a job, and where.
struct JournalOptions: ParsableArguments {
    @Option(
        name: .customLong("job"),
        help: ArgumentHelp("A name for the job, by which it is found later; it has a number anyway.", valueName: "name")
    )
    var name: String?

    @OptionGroup var state: StateOptions

    @Option(
        name: .customLong("failed-keys"),
        help: ArgumentHelp("Write what failed to this file too, as JSON lines.", valueName: "file")
    )
    var failedKeys: String?

    @Flag(name: .customLong("no-journal"), help: "Keep nothing of the job: it cannot be resumed.")
    var noJournal = false

    func validate() throws {
        guard !noJournal || (name == nil && state.stateDirectory == nil && failedKeys == nil) else {
            throw ValidationError("--no-journal excludes --job, --state-directory and --failed-keys.")
        }
        guard failedKeys?.isEmpty != true else { throw ValidationError("--failed-keys needs a file.") }
    }

    /// Makes the journal of a new job.
    ///
    /// - Parameters:
    ///   - job: What is to be copied.
    ///   - connection: The options by which the service is reached.
    ///   - configuration: What came of them.
    ///   - isQuiet: Whether nothing is to be told but errors.
    /// - Returns: The job; `nil` if nothing is to be kept of it.
    /// - Throws: ``CommandFailure`` if the journal cannot be made.
    func begin(
        _ job: CopyJob,
        connection: ConnectionOptions,
        configuration: S3ClientConfiguration,
        isQuiet: Bool
    ) throws -> JobSession? {
        guard !noJournal else { return nil }
        var definition = JobDefinition(
            source: job.source,
            destination: job.destination,
            // Everything behind `brigade copy`.
            options: Array(CommandLine.arguments.dropFirst(2)),
            workingDirectory: WorkingDirectory.current
        )
        definition.name = name
        definition.isVerified = job.isVerified
        definition.endpoint = configuration.endpoint?.description
        definition.region = configuration.region
        if case .profile(let profile, _) = try ClientSettings.resolve(overrides: connection.overrides).origin(
            of: .credentials
        ) {
            definition.profile = profile
        }
        do {
            return JobSession(
                journal: try state.directory().makeJob(definition),
                scope: .everything,
                isNew: true,
                failedKeys: failedKeys,
                isQuiet: isQuiet
            )
        } catch let error as BrigadeError where error.code == .invalidJob {
            throw CommandFailure.usage(error.message)
        } catch let error as BrigadeError {
            throw CommandFailure.fatal(error.message)
        }
    }
}
