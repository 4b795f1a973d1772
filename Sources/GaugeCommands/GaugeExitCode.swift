import ArgumentParser

/// The exit codes that commands end with, besides 0 and ArgumentParser's 64 for wrong usage.
enum GaugeExitCode {
    /// A probe failed; what the others gave has been written.
    static let probeFailed = ExitCode(2)
    /// What was found could not be written.
    static let outputFailed = ExitCode(2)
}
