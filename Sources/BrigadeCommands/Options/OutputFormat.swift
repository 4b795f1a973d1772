internal import ArgumentParser

/// The forms that a command's output has.
protocol OutputFormat: ExpressibleByArgument, CaseIterable, Sendable {
    /// For people, and the default.
    static var text: Self { get }
    /// What the help says of the forms.
    static var help: ArgumentHelp { get }
}
