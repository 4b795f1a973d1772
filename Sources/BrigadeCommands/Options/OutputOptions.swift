internal import ArgumentParser

/// The options that say what is shown, and how.
struct OutputOptions<Format: OutputFormat>: ParsableArguments {
    @Option(help: Format.help)
    var format = Format.text

    @Option(help: "Whether to show progress on standard error; auto does so on a terminal.")
    var progress = ProgressChoice.auto

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
