import FoundationEssentials

extension ClientSettings {
    /// Finds each setting by the conventions of the AWS SDKs and Tools Reference Guide.
    ///
    /// | setting | environment, first found wins | profile |
    /// | --- | --- | --- |
    /// | profile | `AWS_PROFILE`, `AWS_DEFAULT_PROFILE` | |
    /// | credentials | `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_SESSION_TOKEN` | the same in lower case |
    /// | region | `AWS_REGION`, `AWS_DEFAULT_REGION` | `region` |
    /// | endpoint | `AWS_ENDPOINT_URL_S3`, `AWS_ENDPOINT_URL` | `endpoint_url` of `s3` in `services`, `endpoint_url` |
    /// | addressing | | `addressing_style` below `s3` |
    /// | CA bundle | `AWS_CA_BUNDLE` | `ca_bundle` |
    ///
    /// An override wins over the environment and the environment over the profile. A variable or setting that is empty
    /// counts as not set. A profile named by override makes the keys in the environment be ignored; one named by
    /// `AWS_PROFILE` does not (both as in botocore). The guide knows only `AWS_PROFILE`; botocore looks at
    /// `AWS_DEFAULT_PROFILE` first. `AWS_IGNORE_CONFIGURED_ENDPOINT_URLS=true`, or the same in the profile, leaves only
    /// the override's endpoint.
    ///
    /// - Parameters:
    ///   - overrides: What the command line says.
    ///   - environment: The variables of the process.
    ///   - readFile: Gives the text of the file at a path; `nil` where there is no such file, which is not an error.
    /// - Returns: The settings, each with its origin.
    /// - Throws: ``S3ClientError/Code/configuration`` for a file that cannot be read or parsed, a named profile or
    ///   services section that does not exist, or a setting with a value that is not known;
    ///   ``S3ClientError/Code/credentials`` where there are none, only a part of them, or only of a kind that is not
    ///   supported (assumed roles, IAM Identity Center, processes, web identity, containers, instances).
    public static func resolve(
        overrides: Overrides,
        environment: [String: String],
        readFile: (String) throws -> String?
    ) throws(S3ClientError) -> ClientSettings {
        let environment = SettingsEnvironment(environment)
        let files = try SharedConfiguration(environment: environment, readFile: readFile)
        let resolver = try SettingsResolver(overrides: overrides, environment: environment, files: files)
        return try resolver.resolve()
    }

    /// Finds each setting from this process's environment and the user's files.
    ///
    /// - Throws: As ``resolve(overrides:environment:readFile:)``.
    public static func resolve(overrides: Overrides = Overrides()) throws(S3ClientError) -> ClientSettings {
        try resolve(
            overrides: overrides,
            environment: ProcessInfo.processInfo.environment,
            readFile: SettingsFile.read
        )
    }
}
