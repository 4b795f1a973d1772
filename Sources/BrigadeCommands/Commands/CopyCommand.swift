internal import ArgumentParser
internal import Brigade
internal import S3Client

/// `brigade copy`: duplicates objects by having the server copy each one itself.
struct CopyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "copy",
        abstract: "Copies every object of a bucket, or of a prefix, to another place on the same service.",
        discussion: """
            The server makes the copies, so that no object's data crosses this machine; metadata and tags come along. \
            The prefix of the source is replaced by that of the destination, byte for byte. Objects that are at the \
            destination already are overwritten; others there stay.

            Example: brigade copy s3://photos/2024/ s3://archive/photos-2024/
            """
    )

    @Argument(help: "What to copy: s3://BUCKET or s3://BUCKET/PREFIX.")
    var source: String

    @Argument(help: "Where to: s3://BUCKET or s3://BUCKET/PREFIX.")
    var destination: String

    @Option(help: ArgumentHelp("Copies under way at once.", valueName: "n"))
    var concurrency = 256

    @Flag(name: .customLong("dry-run"), help: "List and count, but copy nothing.")
    var dryRun = false

    @OptionGroup(title: "Service") var connection: ConnectionOptions
    @OptionGroup(title: "Output") var output: OutputOptions

    func validate() throws {
        do {
            try job().validate()
        } catch {
            throw ValidationError(error.message)
        }
    }

    func run() async throws {
        let job = try job()
        let report = CopyReport(
            source: job.source,
            destination: job.destination,
            isDryRun: job.isDryRun,
            format: output.format,
            isQuiet: output.quiet
        )
        var configuration = try connection.clientConfiguration()
        configuration.prepare(forConcurrency: job.concurrency, isQuiet: output.quiet)
        let summary = try await CopyExecution(
            job: job,
            configuration: configuration,
            showsProgress: output.showsProgress
        )
        .run { report.write($0) }
        report.write(summary)
        try Self.end(summary)
    }

    private func job() throws(BrigadeError) -> CopyJob {
        var job = CopyJob(from: try ObjectLocation(source), to: try ObjectLocation(destination))
        job.concurrency = concurrency
        job.isDryRun = dryRun
        return job
    }

    /// The exit code that agrees with the summary.
    private static func end(_ summary: CopySummary) throws {
        if let error = summary.abortedBy { throw CommandFailure.fatal(error.message) }
        if summary.wasStopped { throw CommandFailure.interrupted }
        if !summary.isComplete { throw CommandFailure.objectsFailed }
    }
}
