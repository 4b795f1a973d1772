import S3Client
import S3Protocol

/// Configuration files, an environment and perhaps a profile named by the program.
struct ConfigurationScenario: Codable, CustomStringConvertible {
    /// What is compared.
    struct Settings: Codable, Equatable {
        var accessKeyID: String?
        var secretAccessKey: String?
        var sessionToken: String?
        var region: String?
        var endpoint: String?
        var caBundle: String?
        var addressing: String?
    }

    var config: String
    var credentials: String
    var environment: [String: String]
    var profile: String?

    /// What this module makes of it.
    func resolve() throws -> Settings {
        func resolve(anonymous: Bool) throws -> ClientSettings {
            try ClientSettings.resolve(
                overrides: .init(profile: profile, anonymous: anonymous),
                environment: environment,
                readFile: { ["~/.aws/config": config, "~/.aws/credentials": credentials][$0] }
            )
        }
        var settings: ClientSettings
        do {
            settings = try resolve(anonymous: false)
        } catch let error as S3ClientError where error.message.hasPrefix("there are no credentials") {
            // botocore gives no credentials where this module gives an error.
            settings = try resolve(anonymous: true)
        }
        return Settings(
            accessKeyID: settings.credentials?.accessKeyID,
            secretAccessKey: settings.credentials?.secretAccessKey,
            sessionToken: settings.credentials?.sessionToken,
            region: settings.region,
            endpoint: settings.endpoint,
            caBundle: settings.caBundle,
            addressing: settings.addressing.map { $0 == .path ? "path" : "virtual" }
        )
    }

    var description: String {
        "config:\n\(config)\ncredentials:\n\(credentials)\nenvironment: \(environment)\nprofile: \(profile ?? "-")"
    }
}
