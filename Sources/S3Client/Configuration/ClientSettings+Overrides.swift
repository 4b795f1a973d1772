extension ClientSettings {
    /// What the command line says; it wins over environment and files.
    public struct Overrides: Sendable, Hashable {
        /// The profile to use.
        ///
        /// Naming one here also makes the keys in the environment be ignored.
        public var profile: String?
        /// The region to sign for.
        public var region: String?
        /// The URL of the endpoint.
        public var endpoint: String?
        /// How to address buckets.
        public var addressing: Addressing?
        /// The path of a PEM file with the certificate authorities to trust.
        public var caBundle: String?
        /// Whether the server's certificate is left unchecked; `false` by default.
        public var noVerifyTLS: Bool
        /// Whether requests are sent unsigned and no credentials are looked for; `false` by default.
        public var anonymous: Bool

        /// Creates overrides; what is left out is taken from environment and files.
        public init(
            profile: String? = nil,
            region: String? = nil,
            endpoint: String? = nil,
            addressing: Addressing? = nil,
            caBundle: String? = nil,
            noVerifyTLS: Bool = false,
            anonymous: Bool = false
        ) {
            self.profile = profile
            self.region = region
            self.endpoint = endpoint
            self.addressing = addressing
            self.caBundle = caBundle
            self.noVerifyTLS = noVerifyTLS
            self.anonymous = anonymous
        }
    }
}
