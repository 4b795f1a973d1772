import ArgumentParser
import Machine

/// The command `gauge limits`.
struct LimitsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "limits",
        abstract: "Shows the limits of a process, its control group and the system, and what is used of them.",
        discussion: """
            Without --pid the limits are those of gauge itself, which it has from the shell: what a program started \
            there gets. "used" is the share of the soft limit, which is the one that holds; a program may raise it to \
            the hard one by itself. The processes limit counts the threads of the user in all processes that can be \
            seen.
            """
    )

    @Option(help: "How to write the limits.")
    var format = OutputFormat.table

    @Option(help: ArgumentHelp("The process to look at.", valueName: "number"))
    var pid: Int32?

    func validate() throws {
        if let pid, pid < 1 { throw ValidationError("A process number is at least 1.") }
    }

    func run() throws {
        let report = LimitsSurvey(process: pid.map { .id($0) } ?? .current).report()
        switch format {
        case .table: try StandardOutput.write(LimitsTable(report).text)
        case .json: try StandardOutput.write(try report.json() + "\n")
        }
        var standardError = StandardError()
        for failure in report.failures { print("gauge: \(failure)", to: &standardError) }
        if !report.failures.isEmpty { throw GaugeExitCode.probeFailed }
    }
}
