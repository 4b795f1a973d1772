internal import ArgumentParser

/// The form of a report: what befell single objects, and the summary.
enum ReportFormat: String, OutputFormat {
    case text
    case json

    static let help: ArgumentHelp = "The form of the output: text, or one JSON object a line with the summary last."
}
