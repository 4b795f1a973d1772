internal import ArgumentParser

/// The options that keep a job below what the machine and the service allow.
struct LimitOptions: ParsableArguments {
    @Option(
        name: .customLong("max-connections"),
        help: ArgumentHelp(
            "Connections at most, 1 to 65536; fewer are used where the machine allows fewer.",
            valueName: "n"
        )
    )
    var maximumConnections: Int?

    func validate() throws {
        guard maximumConnections.map((1...65_536).contains) ?? true else {
            throw ValidationError("--max-connections is 1 to 65536.")
        }
    }
}
