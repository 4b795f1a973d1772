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

            What is done is kept in a journal of the job (brigade jobs, brigade report). However the job ends, brigade \
            resume goes on with it: nothing is copied again but what was under way.

            Credentials come from the environment (AWS_ACCESS_KEY_ID, ...) or a profile, as with the AWS tools.

            Exit codes: 0 nothing failed (what was skipped is named); 1 some objects failed, or --verify found them \
            missing or different; 2 could not start, or ended by an error; 64 wrong usage; 130 interrupted.

            Example: brigade copy s3://photos/2024/ s3://archive/photos-2024/
            """
    )

    @Argument(help: "What to copy: s3://BUCKET or s3://BUCKET/PREFIX.")
    var source: String

    @Argument(help: "Where to: s3://BUCKET or s3://BUCKET/PREFIX.")
    var destination: String

    @Option(
        help: ArgumentHelp(
            "Copies under way at once: a number, 1 to 65536, or auto, which begins with few and has as many as are of "
                + "use, 256 at most. Either way fewer are, while the service is overloaded.",
            valueName: "auto|n"
        )
    )
    var concurrency = ConcurrencyArgument.auto

    @Option(
        name: .customLong("max-bandwidth"),
        help: ArgumentHelp(
            "The most bytes of objects that are begun to be copied each second: a number, with K, M or G for powers of "
                + "1,024. An object goes whole.",
            valueName: "bytes"
        )
    )
    var maxBandwidth: BandwidthArgument?

    @Option(help: ArgumentHelp("Pages of the listing asked for at once, 1 to 1024; 1 lists serially.", valueName: "n"))
    var fetchers = 16

    @Flag(name: .customLong("dry-run"), help: "List and count, but copy nothing.")
    var dryRun = false

    @Option(
        name: .customLong("stop-within"),
        help: ArgumentHelp("How long copies under way may take after a signal, as 30s.", valueName: "time")
    )
    var stopWithin: DurationArgument?

    @Flag(
        help: ArgumentHelp(
            "List both places when everything was copied, and compare keys, sizes and ETags.",
            discussion: "What is missing, different or extra at the destination is named; what is extra is no failure."
        )
    )
    var verify = false

    @Option(
        name: .customLong("temporary-directory"),
        help: ArgumentHelp("Where --verify keeps what exceeds memory; else TMPDIR, or /var/tmp.", valueName: "folder")
    )
    var temporaryDirectory: String?

    @OptionGroup(title: "Service") var connection: ConnectionOptions
    @OptionGroup(title: "Limits") var limits: LimitOptions
    @OptionGroup(title: "Limits") var requestRate: RequestRateOptions
    @OptionGroup(title: "Journal") var journal: JournalOptions
    @OptionGroup(title: "Output") var output: OutputOptions<ReportFormat>

    func validate() throws {
        guard !(dryRun && verify) else {
            throw ValidationError("--dry-run copies nothing that --verify could look at.")
        }
        guard stopWithin.map({ $0.duration >= .zero }) ?? true else {
            throw ValidationError("--stop-within takes a time that is not below zero.")
        }
        do {
            try job().validate()
        } catch {
            throw ValidationError(KeyText.escaped(error.message))
        }
    }

    func run() async throws {
        try await run { configuration in
            guard !dryRun else { return nil }
            return try journal.begin(
                try job(),
                connection: connection,
                configuration: configuration,
                isQuiet: output.quiet
            )
        }
    }

    /// Runs the job, or what earlier runs left of it.
    ///
    /// - Parameter open: Gives the job's journal, once it is known how the service is reached; `nil` for none.
    /// - Throws: ``CommandFailure`` for every end but a good one.
    func run(_ open: (S3ClientConfiguration) throws -> JobSession?) async throws {
        let job = try job()
        var report = CopyReport(
            source: job.source,
            destination: job.destination,
            isDryRun: job.isDryRun,
            format: output.format,
            isQuiet: output.quiet
        )
        let failure: CommandFailure?
        do {
            let configuration = requestRate.applied(to: try connection.clientConfiguration())
            let execution = CopyExecution(
                job: job,
                configuration: configuration,
                maximumConnections: limits.maximumConnections,
                showsProgress: output.showsProgress,
                isQuiet: output.quiet
            )
            let session = try open(configuration)
            defer { session?.end() }
            var summary = try await execution.run(in: session) { [report] in report.write($0) }
            if session?.isNew != false, summary.counters.listed.objects == 0, summary.isComplete, !output.quiet {
                let place = KeyText.escaped(job.source.description)
                StandardError.write("brigade: there is nothing to copy: no key begins with what \(place) names\n")
            }
            report.job = session?.conclude(&summary)
            report.write(summary)
            report.job?.tellHowToGoOn(isQuiet: output.quiet)
            failure = Self.failure(of: summary)
        } catch let error as CommandFailure {
            report.write(error)
            throw error
        }
        if let failure { throw failure }
    }

    private func job() throws(BrigadeError) -> CopyJob {
        var job = CopyJob(from: try ObjectLocation(source), to: try ObjectLocation(destination))
        job.concurrency = concurrency.most
        job.adaptsConcurrency = concurrency.adapts
        job.maximumBytesPerSecond = maxBandwidth?.bytesPerSecond
        job.fetchers = fetchers
        job.isDryRun = dryRun
        if let stopWithin { job.stopGrace = stopWithin.duration }
        job.isVerified = verify
        job.spoolFolder = TemporaryFolder.path(option: temporaryDirectory)
        return job
    }

    /// The end that agrees with the summary; `nil` if all went well.
    private static func failure(of summary: CopySummary) -> CommandFailure? {
        if let error = summary.abortedBy ?? summary.verification?.abortedBy { return .fatal(error.message) }
        if summary.wasStopped || summary.verification?.wasStopped == true { return .interrupted }
        return summary.isComplete ? nil : .objectsFailed
    }
}
