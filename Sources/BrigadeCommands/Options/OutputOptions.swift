internal import ArgumentParser

/// The options that say what is shown, and how.
struct OutputOptions: ParsableArguments {
    /// The form of what goes to standard output.
    enum Format: String, ExpressibleByArgument, CaseIterable {
        case text
        case json
    }

    /// When progress is shown on standard error.
    enum Progress: String, ExpressibleByArgument, CaseIterable {
        case auto
        case always
        case never
    }

    @Option(help: "The form of the output: text, or one JSON object a line with the summary last.")
    var format = Format.text

    @Option(help: "Whether to show progress on standard error; auto does so on a terminal.")
    var progress = Progress.auto

    @Flag(name: .shortAndLong, help: "Say nothing but errors; with --format json the output stays.")
    var quiet = false

    /// Whether progress is to be shown.
    var showsProgress: Bool {
        switch progress {
        case .always: true
        case .never: false
        case .auto: !quiet && StandardError.isTerminal
        }
    }
}
