public import S3Protocol

/// Everything a client has to know before its first request, and where each value came from.
///
/// Values follow the conventions of the AWS SDKs and Tools Reference Guide: an option of the command line wins over an
/// environment variable, and that over the profile in the shared `config` and `credentials` files. See
/// ``resolve(overrides:environment:readFile:)``.
public struct ClientSettings: Sendable {
    /// Where a bucket's name stands in a request.
    public typealias Addressing = RequestTarget.Addressing

    /// The profile's name; `default` where none is named.
    public var profile: String
    /// The keys to sign with; `nil` only where anonymous requests were asked for.
    public var credentials: Credentials?
    /// The region to sign for; `nil` where no setting names one.
    public var region: String?
    /// The URL of the endpoint as it was given, unchecked; `nil` for the one that AWS has for the region.
    public var endpoint: String?
    /// How to address buckets; `nil` leaves it to the client.
    public var addressing: Addressing?
    /// The path of a PEM file with the certificate authorities to trust; `nil` for those of the system.
    public var caBundle: String?
    /// Whether the server's certificate is checked.
    public var verifyTLS: Bool

    private var origins: [Setting: Origin]

    /// Where the value of a setting came from.
    public func origin(of setting: Setting) -> Origin {
        origins[setting] ?? .standard
    }

    /// Creates settings from values that a program has itself, all of which count as given by option.
    public init(
        profile: String = "default",
        credentials: Credentials?,
        region: String? = nil,
        endpoint: String? = nil,
        addressing: Addressing? = nil,
        caBundle: String? = nil,
        verifyTLS: Bool = true
    ) {
        self.init(
            profile: profile,
            credentials: credentials,
            region: region,
            endpoint: endpoint,
            addressing: addressing,
            caBundle: caBundle,
            verifyTLS: verifyTLS,
            origins: [:]
        )
        for setting in Setting.allCases { origins[setting] = .option }
    }

    init(
        profile: String,
        credentials: Credentials?,
        region: String?,
        endpoint: String?,
        addressing: Addressing?,
        caBundle: String?,
        verifyTLS: Bool,
        origins: [Setting: Origin]
    ) {
        self.profile = profile
        self.credentials = credentials
        self.region = region
        self.endpoint = endpoint
        self.addressing = addressing
        self.caBundle = caBundle
        self.verifyTLS = verifyTLS
        self.origins = origins
    }
}
