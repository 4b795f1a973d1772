/// An access key pair, with the session token that temporary credentials carry.
///
/// The secret and the token appear in neither `description` nor `debugDescription`.
public struct Credentials: Sendable, Hashable, CustomStringConvertible, CustomDebugStringConvertible {
    /// The access key's identifier, which is sent in the clear with every signed request.
    public var accessKeyID: String
    /// The secret that requests are signed with; it is never sent.
    public var secretAccessKey: String
    /// The token of temporary credentials, sent as `x-amz-security-token`; `nil` for long-term keys.
    public var sessionToken: String?

    /// Creates credentials from their parts.
    public init(accessKeyID: String, secretAccessKey: String, sessionToken: String? = nil) {
        self.accessKeyID = accessKeyID
        self.secretAccessKey = secretAccessKey
        self.sessionToken = sessionToken
    }

    /// The access key's identifier alone.
    public var description: String { "Credentials(\(accessKeyID))" }

    /// The access key's identifier alone.
    public var debugDescription: String { description }
}
