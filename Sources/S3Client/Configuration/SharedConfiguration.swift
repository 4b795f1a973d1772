/// The shared `config` and `credentials` files together.
///
/// A profile is the union of its section in both files; a setting that both have is taken from the `credentials` file,
/// as in botocore (`Session.full_config`).
struct SharedConfiguration: Sendable {
    /// The `config` file; without sections where there is none.
    var config: SharedConfigFile
    /// The `credentials` file; without sections where there is none.
    var credentials: SharedConfigFile

    /// Reads both files from where the environment says that they are.
    ///
    /// `AWS_CONFIG_FILE` and `AWS_SHARED_CREDENTIALS_FILE` name them; the defaults are `~/.aws/config` and
    /// `~/.aws/credentials`. A file that does not exist counts as empty.
    ///
    /// - Throws: ``S3ClientError/Code/configuration`` for a file that cannot be read or parsed.
    init(
        environment: SettingsEnvironment,
        readFile: (String) throws -> String?
    ) throws(S3ClientError) {
        let configPath = environment["AWS_CONFIG_FILE"] ?? "~/.aws/config"
        let credentialsPath = environment["AWS_SHARED_CREDENTIALS_FILE"] ?? "~/.aws/credentials"
        config = try Self.load(environment.expandingHome(configPath), readFile)
        credentials = try Self.load(environment.expandingHome(credentialsPath), readFile)
        if let plain = config.sections.first(where: { $0.name == "default" }),
            let prefixed = config.sections.first(where: { $0.name(ofKind: "profile") == "default" })
        {
            throw S3ClientError(
                code: .configuration,
                message: """
                    \(config.path): [default] on line \(plain.line) and [\(prefixed.name)] on line \(prefixed.line) \
                    are the same profile; keep one of them
                    """
            )
        }
    }

    /// The names of all profiles of both files, sorted, each once.
    var profileNames: [String] {
        let names = config.sections.compactMap(Self.profileName) + credentials.sections.map(\.name)
        return Set(names).sorted()
    }

    /// The profile of this name; `nil` where neither file has it.
    func profile(named name: String) -> SharedProfile? {
        let fromConfig = config.sections.first { Self.profileName($0) == name }
        let fromCredentials = credentials.sections.first { $0.name == name }
        guard fromConfig != nil || fromCredentials != nil else { return nil }
        return SharedProfile(
            name: name,
            config: .init(path: config.path, settings: fromConfig?.settings ?? [:]),
            credentials: .init(path: credentials.path, settings: fromCredentials?.settings ?? [:])
        )
    }

    /// The nested settings that `[services name]` has for one service; `nil` where there is no such section.
    func serviceSettings(_ service: String, inServices name: String) -> [String: String]? {
        config.sections.first { $0.name(ofKind: "services") == name }.map { $0.settings[service]?.nested ?? [:] }
    }

    /// Whether the `config` file has a section `[name]` that lacks the word `profile`, and so is no profile.
    func hasUnprefixedSection(named name: String) -> Bool {
        name != "default" && config.sections.contains { $0.name == name }
    }

    private static func profileName(_ section: SharedConfigFile.Section) -> String? {
        section.name == "default" ? "default" : section.name(ofKind: "profile")
    }

    private static func load(
        _ path: String,
        _ readFile: (String) throws -> String?
    ) throws(S3ClientError) -> SharedConfigFile {
        let text: String?
        do {
            text = try readFile(path)
        } catch let error as S3ClientError {
            throw error
        } catch {
            throw S3ClientError(code: .configuration, message: "\(path) cannot be read", cause: error)
        }
        return try SharedConfigFile(parsing: text ?? "", path: path)
    }
}
