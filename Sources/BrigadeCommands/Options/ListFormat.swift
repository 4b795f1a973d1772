internal import ArgumentParser

/// The form in which `brigade list` writes objects.
enum ListFormat: String, OutputFormat {
    case text
    case json
    case tsv

    static let help: ArgumentHelp =
        "The form of the output, an object a line: text, json with the summary last, or tsv."
}
