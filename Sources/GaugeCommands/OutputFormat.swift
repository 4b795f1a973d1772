import ArgumentParser

/// How a command writes its data to standard output.
enum OutputFormat: String, CaseIterable, ExpressibleByArgument {
    /// Columns for a person to read.
    case table
    /// One JSON object with field names that stay.
    case json
}
