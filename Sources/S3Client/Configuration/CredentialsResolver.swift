import S3Protocol

/// Finds the keys to sign with, in the order of botocore's providers.
///
/// The environment; then what the profile asks for: web identity, an assumed role, IAM Identity Center, the keys of the
/// `credentials` file, a sign-in session, a process, the keys of the `config` file. A profile that reaches one of the
/// kinds that need a request or a process first is refused rather than passed over: the next kind in the order might be
/// another principal.
struct CredentialsResolver {
    /// The profile to take keys from.
    var profile: SharedProfile
    /// The variables of the process.
    var environment: SettingsEnvironment
    /// Whether the command line names the profile, so that keys in the environment do not count.
    var profileIsExplicit: Bool

    private static let accessKey = "aws_access_key_id"
    private static let secretKey = "aws_secret_access_key"
    private static let token = "aws_session_token"

    /// The keys and where they came from.
    ///
    /// - Throws: ``S3ClientError/Code/credentials`` where there are none that can be used.
    func resolve() throws(S3ClientError) -> (credentials: Credentials, origin: ClientSettings.Origin) {
        if !profileIsExplicit, let found = try fromEnvironment() { return found }
        try refuse("a web identity token", settings: "web_identity_token_file")
        try refuse("an assumed role", settings: "role_arn")
        if !profileIsExplicit, let token = environment.first(of: "AWS_WEB_IDENTITY_TOKEN_FILE") {
            throw unsupported("a web identity token", saidBy: "\(token.origin)")
        }
        try refuse("IAM Identity Center", settings: "sso_account_id", "sso_role_name")
        if let found = try keys(in: profile.credentials) { return found }
        try refuse("a console sign-in session", settings: "login_session")
        try refuse("a process", settings: "credential_process")
        if let found = try keys(in: profile.config) { return found }
        throw nothingFound()
    }

    private func fromEnvironment() throws(S3ClientError) -> (Credentials, ClientSettings.Origin)? {
        try credentials(
            accessKey: ("AWS_ACCESS_KEY_ID", environment["AWS_ACCESS_KEY_ID"]),
            secretKey: ("AWS_SECRET_ACCESS_KEY", environment["AWS_SECRET_ACCESS_KEY"]),
            token: environment["AWS_SESSION_TOKEN"],
            place: "the environment"
        ).map { ($0, .environment("AWS_ACCESS_KEY_ID")) }
    }

    private func keys(in part: SharedProfile.Part) throws(S3ClientError) -> (Credentials, ClientSettings.Origin)? {
        let origin = profile.origin(in: part)
        return try credentials(
            accessKey: (Self.accessKey, part.settings[Self.accessKey]?.text),
            secretKey: (Self.secretKey, part.settings[Self.secretKey]?.text),
            token: part.settings[Self.token]?.text,
            place: "\(origin)"
        ).map { ($0, origin) }
    }

    private func credentials(
        accessKey: (name: String, value: String?),
        secretKey: (name: String, value: String?),
        token: String?,
        place: String
    ) throws(S3ClientError) -> Credentials? {
        switch (accessKey.value, secretKey.value) {
        case (let accessKey?, let secretKey?):
            return Credentials(accessKeyID: accessKey, secretAccessKey: secretKey, sessionToken: token)
        case (nil, nil):
            return nil
        case (_?, nil):
            throw incomplete(has: accessKey.name, lacks: secretKey.name, place)
        case (nil, _?):
            throw incomplete(has: secretKey.name, lacks: accessKey.name, place)
        }
    }

    private func incomplete(has: String, lacks: String, _ place: String) -> S3ClientError {
        S3ClientError(code: .credentials, message: "\(place) has \(has) but not \(lacks); set both or neither")
    }

    private func refuse(_ kind: String, settings: String...) throws(S3ClientError) {
        for setting in settings {
            if let found = profile.text(setting) { throw unsupported(kind, saidBy: "\(found.origin), \(setting)") }
        }
    }

    private func unsupported(_ kind: String, saidBy place: String) -> S3ClientError {
        let unless = profileIsExplicit ? ", then run again without naming the profile" : ""
        return S3ClientError(
            code: .credentials,
            message: """
                credentials from \(kind) (\(place)) are not supported yet; put them into the environment with \
                eval "$(aws configure export-credentials --profile \(profile.name) --format env)"\(unless)
                """
        )
    }

    private func nothingFound() -> S3ClientError {
        let places =
            (profileIsExplicit ? "" : "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not set, and ")
            + "profile \(profile.name) has no keys in \(profile.credentials.path) or \(profile.config.path)"
        return S3ClientError(
            code: .credentials,
            message:
                "there are no credentials: \(places); those of a container's or instance's role are not supported yet; "
                + "for a server that lets everyone in, use --no-sign-request"
        )
    }
}
