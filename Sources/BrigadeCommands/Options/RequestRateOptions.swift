internal import ArgumentParser
internal import S3Client

/// The option that bounds the requests that a command sends.
struct RequestRateOptions: ParsableArguments {
    @Option(
        name: .customLong("max-requests-per-second"),
        help: ArgumentHelp(
            "The most requests that the service sees within any second, lists and repetitions included; else as many "
                + "as it takes.",
            valueName: "n"
        )
    )
    var maximum: Int?

    func validate() throws {
        guard (maximum ?? 1) >= 1 else { throw ValidationError("--max-requests-per-second is 1 at least.") }
    }

    /// The same configuration with the bound.
    func applied(to configuration: S3ClientConfiguration) -> S3ClientConfiguration {
        var configuration = configuration
        configuration.maximumRequestsPerSecond = maximum
        return configuration
    }
}
