internal import ArgumentParser
internal import Brigade
internal import S3Client

/// `brigade doctor`: what this machine allows, what a job would use of it, and whether a bucket can be used.
struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Shows what this machine allows, what a job would use, and whether a bucket can be used.",
        discussion: """
            Each limit of the machine is shown with its use and with how many connections it permits to the addresses \
            of the service; then the settings of the kernel that matter. With a bucket, or with --endpoint, the service \
            is tried: name, connections, TLS, clock, credentials, region, listing and copying.

            Nothing is written. Copying is tried with an object that does not exist: a server that answers NoSuchKey \
            has taken the request and would have copied; one that answers AccessDenied refuses. That an object which \
            does exist may be read is not known by it.

            Exit codes: 0 nothing was found that will not work; 1 something will not work; 2 could not start; \
            64 wrong usage.

            Example: brigade doctor s3://photos --endpoint https://storage.example
            """
    )

    /// What `brigade copy` asks for by default.
    private static let fetchers = 16

    @Argument(help: "What to look at: s3://BUCKET or s3://BUCKET/PREFIX; without it, the machine alone.")
    var bucket: String?

    @Option(help: ArgumentHelp("The copies at once that a job would ask for, 1 to 65536.", valueName: "n"))
    var concurrency = 256

    @Option(help: "The form of the page: text, or one JSON object.")
    var format = ReportFormat.text

    @OptionGroup(title: "Service") var connection: ConnectionOptions
    @OptionGroup(title: "Limits") var limits: LimitOptions

    func validate() throws {
        guard (1...65_536).contains(concurrency) else { throw ValidationError("--concurrency is 1 to 65536.") }
        do {
            _ = try location()
        } catch {
            throw ValidationError(KeyText.escaped(error.message))
        }
    }

    func run() async throws {
        let settings = try DoctorSettings(connection.overrides, sourceAddresses: connection.sourceAddresses)
        let examination = DoctorExamination(
            location: try location(),
            settings: settings,
            wish: .init(
                copies: concurrency,
                fetchers: Self.fetchers,
                maximumConnections: limits.maximumConnections
            )
        )
        let (report, destination) = await examination.run()
        switch format {
        case .json: StandardOutput.writeLine(JSONLine.encoded(report))
        case .text: StandardOutput.write(DoctorPage(report: report, destination: destination).text)
        }
        if !report.isFine { throw CommandFailure.somethingWillNotWork }
    }

    private func location() throws(BrigadeError) -> ObjectLocation? {
        guard let bucket else { return nil }
        return try ObjectLocation(bucket)
    }
}
