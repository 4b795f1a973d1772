internal import ArgumentParser
internal import Brigade
internal import S3Client
internal import S3Protocol

/// The options that say which service to talk to, and as whom; what they leave out comes from the environment and the
/// profiles, by the conventions of AWS.
struct ConnectionOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The service's URL; else AWS_ENDPOINT_URL_S3, the profile's, or Amazon S3.",
            valueName: "url"
        )
    )
    var endpoint: String?

    @Option(
        help: ArgumentHelp("The profile in ~/.aws/config and ~/.aws/credentials; else AWS_PROFILE.", valueName: "name")
    )
    var profile: String?

    @Option(help: ArgumentHelp("The region to sign for; else AWS_REGION, or the profile's.", valueName: "region"))
    var region: String?

    @Flag(name: .customLong("path-style"), help: "Put the bucket's name into the path.")
    var pathStyle = false

    @Flag(name: .customLong("virtual-host"), help: "Put the bucket's name into the host.")
    var virtualHost = false

    @Option(
        name: .customLong("ca-bundle"),
        help: ArgumentHelp("Trust only the authorities in this PEM file.", valueName: "file")
    )
    var caBundle: String?

    @Flag(name: .customLong("no-verify-ssl"), help: "Believe any certificate.")
    var noVerifySSL = false

    @Flag(name: .customLong("no-sign-request"), help: "Send requests unsigned, without credentials.")
    var noSignRequest = false

    @Option(
        name: .customLong("source-address"),
        help: ArgumentHelp(
            "A local address that connections leave from; any number of times, each adds its own local ports.",
            valueName: "address"
        )
    )
    var sourceAddresses: [String] = []

    func validate() throws {
        guard !(pathStyle && virtualHost) else {
            throw ValidationError("--path-style and --virtual-host exclude each other.")
        }
        guard caBundle == nil || !noVerifySSL else {
            throw ValidationError("--ca-bundle and --no-verify-ssl exclude each other.")
        }
        guard profile?.isEmpty != true else { throw ValidationError("--profile needs a name.") }
        guard profile == nil || !noSignRequest else {
            throw ValidationError("--profile and --no-sign-request exclude each other.")
        }
        // What the command line alone gets wrong is wrong usage; what it cannot know is told when the settings are found.
        do {
            let settings = ClientSettings(credentials: nil, region: region, endpoint: endpoint, addressing: addressing)
            var configuration = try S3ClientConfiguration(settings)
            configuration.sourceAddresses = sourceAddresses
            try configuration.validate()
        } catch {
            throw ValidationError(KeyText.escaped(error.description))
        }
    }

    private var addressing: ClientSettings.Addressing? {
        pathStyle ? .path : virtualHost ? .virtualHost : nil
    }

    /// What the command line says of the settings.
    var overrides: ClientSettings.Overrides {
        ClientSettings.Overrides(
            profile: profile,
            region: region,
            endpoint: endpoint,
            addressing: addressing,
            caBundle: caBundle,
            noVerifyTLS: noVerifySSL,
            anonymous: noSignRequest
        )
    }

    /// The configuration of a client for the service.
    ///
    /// - Throws: ``CommandFailure`` with the exit code 2 for what environment and files say.
    func clientConfiguration() throws -> S3ClientConfiguration {
        do {
            var configuration = try S3ClientConfiguration(ClientSettings.resolve(overrides: overrides))
            configuration.sourceAddresses = sourceAddresses
            configuration.diagnose = SystemDiagnosis().explain
            configuration.userAgent = "brigade/\(BrigadeVersion.current)"
            try configuration.validate()
            return configuration
        } catch {
            throw CommandFailure.fatal(error.description)
        }
    }
}
