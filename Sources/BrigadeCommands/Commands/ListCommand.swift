internal import ArgumentParser
internal import Brigade
internal import S3Client
internal import S3Protocol

/// `brigade list`: lists a bucket with many requests at once.
struct ListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Lists every object of a bucket, or of a prefix, with many requests at once.",
        discussion: """
            Many fetchers share the keys out among themselves and learn from what they find where to go on, so nothing \
            has to be known about the keys. Objects come in no order unless --sorted asks for the order of their keys' \
            bytes; what comes early then waits in memory, and from 1 MiB on in a temporary file, which takes as much \
            room as the output at most. Otherwise memory holds a page for each fetcher, however many objects there are: \
            40 MB in all as a rule, about 110 MB with keys of 1,024 bytes.

            Formats, an object a line: 'text' for people: time in UTC, size in bytes, and the key with control \
            characters as \\xNN and backslashes doubled. 'json': an object with key, size, lastModified, etag and \
            storageClass, as far as the server tells them; the last line is the summary, with an event and no key. \
            'tsv': key, size, lastModified, etag, storageClass with tabs between them; tab, line feed, carriage return \
            and backslash are written \\t, \\n, \\r and \\\\, and every other byte of a key stands as it is. The summary \
            of text and tsv goes to standard error.

            A server that does not list in byte order is found out and listed with one request after the other.

            Exit codes: 0 everything was listed; 2 could not start, or ended by an error; 64 wrong usage; \
            130 interrupted; 141 whoever read the output went away.

            Example: brigade list s3://photos/2024/ --format tsv --sorted > keys.tsv
            """
    )

    @Argument(help: "What to list: s3://BUCKET or s3://BUCKET/PREFIX.")
    var source: String

    @Flag(help: "Write the objects in the order of their keys' bytes.")
    var sorted = false

    @Option(help: ArgumentHelp("Pages asked for at once, 1 to 1024; 1 works on any server.", valueName: "n"))
    var fetchers = 64

    @Option(
        name: .customLong("split-at"),
        help: ArgumentHelp("A key to cut the listing at from the start; any number of times.", valueName: "key")
    )
    var splitAt: [String] = []

    @Option(
        help: ArgumentHelp(
            """
            A file of keys, one a line, as --format tsv | cut -f1 writes them: where to cut from the start; '-' reads \
            standard input.
            """,
            valueName: "file"
        )
    )
    var hints: String?

    @Option(
        name: .customLong("temporary-directory"),
        help: ArgumentHelp("Where --sorted keeps what has to wait; else TMPDIR, or /var/tmp.", valueName: "folder")
    )
    var temporaryDirectory: String?

    @OptionGroup(title: "Service") var connection: ConnectionOptions
    @OptionGroup(title: "Limits") var limits: LimitOptions
    @OptionGroup(title: "Limits") var requestRate: RequestRateOptions
    @OptionGroup(title: "Output") var output: OutputOptions<ListFormat>

    func validate() throws {
        guard splitAt.allSatisfy({ (1...ObjectKey.maximumLength).contains($0.utf8.count) }) else {
            throw ValidationError("--split-at takes a key of 1 to \(ObjectKey.maximumLength) bytes.")
        }
        if temporaryDirectory != nil, !sorted {
            throw ValidationError("--temporary-directory is for what waits with --sorted.")
        }
        do {
            try job().validate()
        } catch {
            throw ValidationError(KeyText.escaped(error.message))
        }
    }

    func run() async throws {
        var job = try job()
        if let hints {
            let keys = try HintFile(path: hints).keys
            if keys.isEmpty, !output.quiet { StandardError.write("brigade: the hints hold no key\n") }
            job.splitPoints += keys
        }
        if let temporaryDirectory { try checkFolder(temporaryDirectory) }
        let execution = ListExecution(
            job: job,
            maximumConnections: limits.maximumConnections,
            output: ListOutput(
                output.format,
                spoolFolder: sorted ? TemporaryFolder.path(option: temporaryDirectory) : nil,
                write: StandardOutput.write
            ),
            // On one terminal, the objects themselves show how far it is.
            showsProgress: output.showsProgress && (output.progress == .always || !StandardOutput.isTerminal),
            isQuiet: output.quiet
        )
        var end = ListExecution.End()
        do {
            end = try await execution.run(with: requestRate.applied(to: connection.clientConfiguration()))
        } catch let error as CommandFailure {
            end.failure = error
        }
        let report = ListReport(source: job.source, isSorted: sorted, plan: end.plan)
        switch output.format {
        case .json: StandardOutput.writeLine(report.json(end.summary, end.written, error: end.failure?.message))
        case .text, .tsv:
            if !output.quiet, end.hasBegun { StandardError.write(report.text(end.summary, end.written)) }
        }
        if let failure = end.failure { throw failure }
    }

    /// A folder that was named has to be of use, even if little waits in the end.
    private func checkFolder(_ folder: String) throws(CommandFailure) {
        do {
            try OrderedSpool.check(folder: folder)
        } catch {
            throw .fatal(error.message)
        }
    }

    private func job() throws(BrigadeError) -> ListJob {
        var job = ListJob(try ObjectLocation(source))
        job.fetchers = fetchers
        job.splitPoints = splitAt.map { Array($0.utf8) }
        job.requiresByteOrder = sorted
        return job
    }
}
