internal import S3Client

/// The settings of a service to look at: credentials that are missing are one of the findings, and no reason to stop.
struct DoctorSettings {
    let settings: ClientSettings
    let configuration: S3ClientConfiguration
    /// Why there are no credentials; `nil` where there are some, or none are wanted.
    let credentialsFailure: S3ClientError?

    /// Finds the settings.
    ///
    /// - Parameters:
    ///   - overrides: What the command line says.
    ///   - sourceAddresses: The local addresses that connections leave from.
    /// - Throws: ``CommandFailure`` with the exit code 2 for anything else that environment and files have wrong.
    init(_ overrides: ClientSettings.Overrides, sourceAddresses: [String]) throws {
        do throws(S3ClientError) {
            (settings, credentialsFailure) = try Self.resolve(overrides)
            var configuration = try S3ClientConfiguration(settings)
            configuration.sourceAddresses = sourceAddresses
            configuration.userAgent = "brigade/\(BrigadeVersion.current)"
            try configuration.validate()
            self.configuration = configuration
        } catch {
            throw CommandFailure.fatal(error.description)
        }
    }

    private static func resolve(
        _ overrides: ClientSettings.Overrides
    ) throws(S3ClientError) -> (ClientSettings, S3ClientError?) {
        do {
            return (try ClientSettings.resolve(overrides: overrides), nil)
        } catch {
            guard error.code == .credentials else { throw error }
            var overrides = overrides
            overrides.anonymous = true
            return (try ClientSettings.resolve(overrides: overrides), error)
        }
    }
}
