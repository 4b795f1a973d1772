import S3Protocol
import Testing

@testable import S3Client

@Suite("Client settings")
struct ClientSettingsTests {
    private static let keys = ["AWS_ACCESS_KEY_ID": "ENVKEY", "AWS_SECRET_ACCESS_KEY": "envsecret"]
    private static let configPath = "/home/u/.aws/config"
    private static let credentialsPath = "/home/u/.aws/credentials"

    private func resolve(
        _ overrides: ClientSettings.Overrides = .init(),
        environment: [String: String] = [:],
        config: String? = nil,
        credentials: String? = nil
    ) throws(S3ClientError) -> ClientSettings {
        try ClientSettings.resolve(
            overrides: overrides,
            environment: environment.merging(["HOME": "/home/u"]) { $1 },
            readFile: { [Self.configPath: config, Self.credentialsPath: credentials][$0] ?? nil }
        )
    }

    // MARK: Credentials

    @Test("keys in the environment, with and without a token")
    func environmentKeys() throws {
        let settings = try resolve(environment: Self.keys)
        #expect(settings.credentials == Credentials(accessKeyID: "ENVKEY", secretAccessKey: "envsecret"))
        #expect(settings.origin(of: .credentials) == .environment("AWS_ACCESS_KEY_ID"))
        #expect(settings.profile == "default")
        #expect(settings.origin(of: .profile) == .standard)
        let token = try resolve(environment: Self.keys.merging(["AWS_SESSION_TOKEN": "t"]) { $1 })
        #expect(token.credentials?.sessionToken == "t")
    }

    @Test("one key without the other is an error that says which", arguments: [true, false])
    func halfAPair(inEnvironment: Bool) throws {
        for (has, lacks) in [("access_key_id", "secret_access_key"), ("secret_access_key", "access_key_id")] {
            let error = try #require(throws: S3ClientError.self) {
                inEnvironment
                    ? try resolve(environment: ["AWS_\(has.uppercased())": "v4lue"])
                    : try resolve(credentials: "[default]\naws_\(has) = v4lue")
            }
            #expect(error.code == .credentials)
            let names = ["aws_\(has)", "aws_\(lacks)"].map { inEnvironment ? $0.uppercased() : $0 }
            #expect(error.message.contains("has \(names[0]) but not \(names[1])"))
            #expect(!error.message.contains("v4lue"))
        }
    }

    @Test("a token that is empty counts as none, and an empty key as not set")
    func emptyValues() throws {
        let settings = try resolve(
            environment: ["AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": "", "AWS_REGION": "", "AWS_PROFILE": ""],
            config: "[default]\nregion = eu-west-1",
            credentials: "[default]\naws_access_key_id = K\naws_secret_access_key = S\naws_session_token ="
        )
        #expect(settings.credentials == Credentials(accessKeyID: "K", secretAccessKey: "S"))
        #expect(settings.origin(of: .credentials) == .profile(name: "default", file: Self.credentialsPath))
        #expect(settings.region == "eu-west-1")
    }

    private static let twoProfiles = """
        [default]
        aws_access_key_id = DEFAULTKEY
        aws_secret_access_key = s
        [x]
        aws_access_key_id = XKEY
        aws_secret_access_key = s
        """

    @Test("a profile that the command line names wins over keys in the environment; AWS_PROFILE does not")
    func explicitProfile() throws {
        let explicit = try resolve(.init(profile: "x"), environment: Self.keys, credentials: Self.twoProfiles)
        #expect(explicit.credentials?.accessKeyID == "XKEY")
        #expect(explicit.origin(of: .profile) == .option)
        let variable = Self.keys.merging(["AWS_PROFILE": "x"]) { $1 }
        let named = try resolve(environment: variable, credentials: Self.twoProfiles)
        #expect(named.credentials?.accessKeyID == "ENVKEY")
        #expect(named.profile == "x")
        #expect(named.origin(of: .profile) == .environment("AWS_PROFILE"))
        let alone = try resolve(environment: ["AWS_DEFAULT_PROFILE": "x"], credentials: Self.twoProfiles)
        #expect(alone.credentials?.accessKeyID == "XKEY")
        #expect(try resolve(credentials: Self.twoProfiles).credentials?.accessKeyID == "DEFAULTKEY")
    }

    @Test("keys of the credentials file win over those of the config file")
    func credentialsFileFirst() throws {
        let config = "[profile x]\naws_access_key_id = CONFIGKEY\naws_secret_access_key = s"
        let both = try resolve(.init(profile: "x"), config: config, credentials: Self.twoProfiles)
        #expect(both.credentials?.accessKeyID == "XKEY")
        let one = try resolve(.init(profile: "x"), config: config)
        #expect(one.credentials?.accessKeyID == "CONFIGKEY")
        #expect("\(one.origin(of: .credentials))" == "profile x in /home/u/.aws/config")
    }

    @Test("a profile that does not exist is named with the files and the profiles that do")
    func missingProfile() throws {
        let error = try #require(throws: S3ClientError.self) {
            try resolve(
                environment: Self.keys.merging(["AWS_PROFILE": "y"]) { $1 },
                config: "[profile b]\n[y]\n[services s]\n[sso-session t]",
                credentials: Self.twoProfiles
            )
        }
        #expect(error.code == .configuration)
        #expect(
            error.message == """
                there is no profile y (named by AWS_PROFILE) in /home/u/.aws/config or /home/u/.aws/credentials; \
                profiles there: b, default, x; the section [y] of /home/u/.aws/config has to be called [profile y]
                """
        )
        let none = try #require(throws: S3ClientError.self) { try resolve(.init(profile: "y")) }
        #expect(none.message.hasSuffix("neither has any profile"))
    }

    @Test(
        "kinds of credentials that are not supported say so, and what to do",
        arguments: [
            ("role_arn", "an assumed role"), ("web_identity_token_file", "a web identity token"),
            ("sso_account_id", "IAM Identity Center"), ("sso_role_name", "IAM Identity Center"),
            ("login_session", "a console sign-in session"), ("credential_process", "a process"),
        ]
    )
    func unsupported(setting: String, kind: String) throws {
        let config = "[profile x]\n\(setting) = v4lue\naws_access_key_id = K\naws_secret_access_key = S"
        let error = try #require(throws: S3ClientError.self) { try resolve(.init(profile: "x"), config: config) }
        #expect(error.code == .credentials)
        #expect(
            error.message == """
                credentials from \(kind) (profile x in /home/u/.aws/config, \(setting)) are not supported yet; put them \
                into the environment with eval "$(aws configure export-credentials --profile x --format env)", then \
                run again without naming the profile
                """
        )
        let overruled = try resolve(environment: Self.keys.merging(["AWS_PROFILE": "x"]) { $1 }, config: config)
        #expect(overruled.credentials?.accessKeyID == "ENVKEY")
    }

    @Test("web identity in the environment is refused, unless the command line names a profile")
    func webIdentity() throws {
        let environment = ["AWS_WEB_IDENTITY_TOKEN_FILE": "/token"]
        let error = try #require(throws: S3ClientError.self) {
            try resolve(environment: environment, credentials: Self.twoProfiles)
        }
        #expect(error.message.contains("AWS_WEB_IDENTITY_TOKEN_FILE"))
        let named = try resolve(.init(profile: "x"), environment: environment, credentials: Self.twoProfiles)
        #expect(named.credentials?.accessKeyID == "XKEY")
    }

    @Test("no credentials at all are an error, unless anonymous requests were asked for")
    func anonymous() throws {
        let error = try #require(throws: S3ClientError.self) { try resolve() }
        #expect(error.code == .credentials)
        #expect(error.message.contains("AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not set"))
        #expect(error.message.contains("profile default has no keys in /home/u/.aws/credentials"))
        let settings = try resolve(.init(anonymous: true), environment: Self.keys)
        #expect(settings.credentials == nil)
        #expect(settings.origin(of: .credentials) == .option)
    }

    // MARK: Region, endpoint, addressing, TLS

    private static let fullConfig = """
        [default]
        region = profile-region
        endpoint_url = https://profile
        ca_bundle = ~/ca.pem
        services = local
        s3 =
          addressing_style = virtual
        [services local]
        s3 =
          endpoint_url = https://service
        """

    @Test("every setting of the profile, with where it stands")
    func profileSettings() throws {
        let settings = try resolve(environment: Self.keys, config: Self.fullConfig)
        #expect(settings.region == "profile-region")
        #expect(settings.endpoint == "https://service")
        #expect(settings.addressing == .virtualHost)
        #expect(settings.caBundle == "/home/u/ca.pem")
        #expect(settings.verifyTLS)
        for setting in [ClientSettings.Setting.region, .endpoint, .addressing, .caBundle] {
            #expect(settings.origin(of: setting) == .profile(name: "default", file: Self.configPath))
        }
        #expect(settings.origin(of: .verifyTLS) == .standard)
    }

    @Test("the environment wins over the profile, in the documented order")
    func environmentSettings() throws {
        var environment = Self.keys
        environment["AWS_DEFAULT_REGION"] = "default-region"
        environment["AWS_ENDPOINT_URL"] = "https://global"
        environment["AWS_CA_BUNDLE"] = "/ca"
        var settings = try resolve(environment: environment, config: Self.fullConfig)
        #expect(settings.region == "default-region")
        #expect(settings.endpoint == "https://global")
        #expect(settings.caBundle == "/ca")
        environment["AWS_REGION"] = "region"
        environment["AWS_ENDPOINT_URL_S3"] = "https://s3"
        settings = try resolve(environment: environment, config: Self.fullConfig)
        #expect(settings.region == "region")
        #expect(settings.origin(of: .region) == .environment("AWS_REGION"))
        #expect(settings.endpoint == "https://s3")
        #expect("\(settings.origin(of: .endpoint))" == "AWS_ENDPOINT_URL_S3")
    }

    @Test("the command line wins over all")
    func optionSettings() throws {
        var environment = Self.keys
        environment["AWS_REGION"] = "region"
        environment["AWS_ENDPOINT_URL_S3"] = "https://s3"
        environment["AWS_CA_BUNDLE"] = "/ca"
        environment["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"] = "true"
        let settings = try resolve(
            .init(region: "r", endpoint: "https://e", addressing: .path, caBundle: "/c", noVerifyTLS: true),
            environment: environment,
            config: Self.fullConfig
        )
        #expect(settings.region == "r")
        #expect(settings.endpoint == "https://e")
        #expect(settings.addressing == .path)
        #expect(settings.caBundle == "/c")
        #expect(!settings.verifyTLS)
        for setting in [ClientSettings.Setting.region, .endpoint, .addressing, .caBundle, .verifyTLS] {
            #expect(settings.origin(of: setting) == .option)
        }
    }

    @Test("configured endpoints can be ignored by variable or profile, the variable deciding")
    func ignoredEndpoints() throws {
        let variable = "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"
        let endpoint = Self.keys.merging(["AWS_ENDPOINT_URL": "https://global"]) { $1 }
        let config = "[default]\nignore_configured_endpoint_urls = TRUE"
        #expect(try resolve(environment: endpoint, config: config).endpoint == nil)
        #expect(try resolve(environment: endpoint.merging([variable: "true"]) { $1 }).endpoint == nil)
        let not = try resolve(environment: endpoint.merging([variable: "false"]) { $1 }, config: config)
        #expect(not.endpoint == "https://global")
    }

    @Test("a services section that is named and missing is an error, unless another endpoint comes first")
    func missingServices() throws {
        let config = "[default]\nservices = gone\nendpoint_url = https://e"
        let error = try #require(throws: S3ClientError.self) { try resolve(environment: Self.keys, config: config) }
        #expect(error.code == .configuration)
        #expect(error.message.contains("has no [services gone]"))
        let environment = Self.keys.merging(["AWS_ENDPOINT_URL": "https://global"]) { $1 }
        #expect(try resolve(environment: environment, config: config).endpoint == "https://global")
    }

    @Test("addressing styles; one that is not known is an error")
    func addressing() throws {
        func style(_ name: String) throws -> ClientSettings.Addressing? {
            try resolve(environment: Self.keys, config: "[default]\ns3 =\n  addressing_style = \(name)").addressing
        }
        #expect(try style("path") == .path)
        #expect(try style("virtual") == .virtualHost)
        #expect(try style("auto") == nil)
        let error = try #require(throws: S3ClientError.self) { try style("Path") }
        #expect(error.code == .configuration)
        #expect(error.message.contains("profile default in /home/u/.aws/config"))
    }

    // MARK: Files

    @Test("files are where the environment says, a leading ~ being HOME")
    func filePaths() throws {
        var asked: [String] = []
        func paths(_ environment: [String: String]) throws -> [String] {
            asked = []
            _ = try ClientSettings.resolve(overrides: .init(anonymous: true), environment: environment) {
                asked.append($0)
                return nil
            }
            return asked
        }
        #expect(try paths(["HOME": "/h"]) == ["/h/.aws/config", "/h/.aws/credentials"])
        #expect(try paths([:]) == ["~/.aws/config", "~/.aws/credentials"])
        let named = ["HOME": "/h", "AWS_CONFIG_FILE": "~/c", "AWS_SHARED_CREDENTIALS_FILE": "~other/k"]
        #expect(try paths(named) == ["/h/c", "~other/k"])
    }

    @Test("a file that cannot be read is an error that names it")
    func unreadableFile() throws {
        struct Denied: Error {}
        let error = try #require(throws: S3ClientError.self) {
            try ClientSettings.resolve(overrides: .init(), environment: Self.keys) { _ in throw Denied() }
        }
        #expect(error.code == .configuration)
        #expect(error.message == "~/.aws/config cannot be read")
        #expect(error.cause is Denied)
    }

    @Test("the default profile may be spelled either way, not both")
    func defaultTwice() throws {
        let prefixed = "[profile default]\nregion = a"
        #expect(try resolve(environment: Self.keys, config: prefixed).region == "a")
        let error = try #require(throws: S3ClientError.self) { try resolve(config: prefixed + "\n[default]") }
        #expect(error.message.contains("[default] on line 3 and [profile default] on line 1"))
    }

    @Test("no description of settings has a secret")
    func secrets() throws {
        let keys = Self.keys.merging(["AWS_SESSION_TOKEN": "envtoken"]) { $1 }
        let settings = try resolve(environment: keys)
        #expect(!"\(settings)".contains("envsecret"))
        #expect(!String(reflecting: settings).contains("envtoken"))
    }
}
