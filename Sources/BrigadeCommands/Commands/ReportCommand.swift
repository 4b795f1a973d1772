internal import ArgumentParser
internal import Brigade

/// `brigade report`: what a job did.
struct ReportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Shows what a job copied, when and how fast, what failed and why.",
        discussion: "A job that runs can be looked at too; its figures are then at most a second old."
    )

    @Argument(help: "The job's number or name, or the beginning of it.")
    var job: String

    @OptionGroup(title: "Journal") var state: StateOptions

    @Option(help: "The form of the output: text, or a JSON object.")
    var format = ReportFormat.text

    func run() throws {
        do {
            let record = try state.directory().record(of: job)
            switch format {
            case .text: StandardOutput.write(JobReport(record, resumeCommand: state.resumeCommand(record.id)).text)
            case .json: StandardOutput.writeLine(JSONLine.encoded(JobDocument(record)))
            }
        } catch let error as BrigadeError {
            throw CommandFailure.fatal(error.message)
        }
    }
}
