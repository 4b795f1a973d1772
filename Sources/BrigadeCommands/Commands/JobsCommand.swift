internal import ArgumentParser
internal import Brigade

/// `brigade jobs`: which jobs there are, and where they stand.
struct JobsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "jobs",
        abstract: "Shows the jobs that are kept, oldest first.",
        discussion: """
            A job is 'running', 'complete', has 'failures' (every object has its verdict, and some failed, or --verify \
            found them missing or different), is 'unverified' (what --verify does did not come to its end), or is \
            'unfinished'. Each has a folder of its own, and is forgotten when that is deleted.

            With --format json, an object a line.
            """
    )

    @OptionGroup(title: "Journal") var state: StateOptions

    @Option(help: ReportFormat.help)
    var format = ReportFormat.text

    func run() throws {
        do {
            let jobs = try state.directory().records()
            for job in jobs {
                guard case .failure(let error) = job.record else { continue }
                StandardError.write("brigade: job \(KeyText.escaped("\(job.id): \(error.message)"))\n")
            }
            let records = jobs.compactMap { try? $0.record.get() }
            switch format {
            case .text: StandardOutput.write(JobsTable(records).text)
            case .json: for record in records { StandardOutput.writeLine(JSONLine.encoded(JobDocument(record))) }
            }
        } catch let error as BrigadeError {
            throw CommandFailure.fatal(error.message)
        }
    }
}
