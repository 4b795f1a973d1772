internal import S3Protocol

/// Chooses each setting among command line, environment and profile.
struct SettingsResolver {
    /// A value and where it came from.
    private typealias Found<Value> = (value: Value, origin: ClientSettings.Origin)

    private let overrides: ClientSettings.Overrides
    private let environment: SettingsEnvironment
    private let files: SharedConfiguration
    private let profile: SharedProfile
    private let profileOrigin: ClientSettings.Origin

    /// Picks the profile.
    ///
    /// - Throws: ``S3ClientError/Code/configuration`` where the named profile does not exist.
    init(
        overrides: ClientSettings.Overrides,
        environment: SettingsEnvironment,
        files: SharedConfiguration
    ) throws(S3ClientError) {
        self.overrides = overrides
        self.environment = environment
        self.files = files
        let named: Found<String>? =
            overrides.profile.map { ($0, .option) } ?? environment.first(of: "AWS_PROFILE", "AWS_DEFAULT_PROFILE")
        let name = named?.value ?? "default"
        profileOrigin = named?.origin ?? .standard
        if let found = files.profile(named: name) {
            profile = found
        } else if let named {
            throw Self.missingProfile(name, from: named.origin, in: files)
        } else {
            profile = SharedProfile(
                name: name,
                config: .init(path: files.config.path, settings: [:]),
                credentials: .init(path: files.credentials.path, settings: [:])
            )
        }
    }

    /// Finds every setting.
    func resolve() throws(S3ClientError) -> ClientSettings {
        let credentials = CredentialsResolver(
            profile: profile,
            environment: environment,
            profileIsExplicit: overrides.profile != nil
        )
        let keys = overrides.anonymous ? nil : try credentials.resolve()
        let region = region()
        let endpoint = try endpoint()
        let addressing = try addressing()
        let caBundle = caBundle()
        let origins: [ClientSettings.Setting: ClientSettings.Origin?] = [
            .profile: profileOrigin,
            .credentials: overrides.anonymous ? .option : keys?.origin,
            .region: region?.origin,
            .endpoint: endpoint?.origin,
            .addressing: addressing?.origin,
            .caBundle: caBundle?.origin,
            .verifyTLS: overrides.noVerifyTLS ? .option : nil,
        ]
        return ClientSettings(
            profile: profile.name,
            credentials: keys?.credentials,
            region: region?.value,
            endpoint: endpoint?.value,
            addressing: addressing?.value,
            caBundle: caBundle.map { environment.expandingHome($0.value) },
            verifyTLS: !overrides.noVerifyTLS,
            origins: origins.compactMapValues(\.self)
        )
    }

    private func region() -> Found<String>? {
        overrides.region.map { ($0, .option) }
            ?? environment.first(of: "AWS_REGION", "AWS_DEFAULT_REGION")
            ?? profile.text("region")
    }

    private func caBundle() -> Found<String>? {
        overrides.caBundle.map { ($0, .option) }
            ?? environment.first(of: "AWS_CA_BUNDLE")
            ?? profile.text("ca_bundle")
    }

    private func endpoint() throws(S3ClientError) -> Found<String>? {
        if let endpoint = overrides.endpoint { return (endpoint, .option) }
        let ignored = environment["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"] ?? profile.text(Self.ignoreEndpoints)?.value
        if ignored?.lowercased() == "true" { return nil }
        if let found = environment.first(of: "AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL") { return found }
        if let services = profile.text("services") {
            guard let settings = files.serviceSettings("s3", inServices: services.value) else {
                throw S3ClientError(
                    code: .configuration,
                    message: """
                        \(services.origin) names the services section \(services.value), but \(files.config.path) has \
                        no [services \(services.value)]
                        """
                )
            }
            if let endpoint = settings["endpoint_url"], !endpoint.isEmpty { return (endpoint, services.origin) }
        }
        return profile.text("endpoint_url")
    }

    private func addressing() throws(S3ClientError) -> Found<ClientSettings.Addressing>? {
        if let addressing = overrides.addressing { return (addressing, .option) }
        guard let style = profile.text("addressing_style", below: "s3") else { return nil }
        switch style.value {
        case "auto": return nil
        case "path": return (.path, style.origin)
        case "virtual": return (.virtualHost, style.origin)
        default:
            throw S3ClientError(
                code: .configuration,
                message: "\(style.origin): addressing_style below s3 must be auto, path or virtual"
            )
        }
    }

    private static let ignoreEndpoints = "ignore_configured_endpoint_urls"

    private static func missingProfile(
        _ name: String,
        from origin: ClientSettings.Origin,
        in files: SharedConfiguration
    ) -> S3ClientError {
        let names = files.profileNames
        var message = """
            there is no profile \(name) (named by \(origin)) in \(files.config.path) or \(files.credentials.path); \
            \(names.isEmpty ? "neither has any profile" : "profiles there: \(names.joined(separator: ", "))")
            """
        if files.hasUnprefixedSection(named: name) {
            message += "; the section [\(name)] of \(files.config.path) has to be called [profile \(name)]"
        }
        return S3ClientError(code: .configuration, message: message)
    }
}
