/// The scope of a signature: `KEY/20130524/us-east-1/s3/aws4_request`, the access key apart.
struct CredentialScope: Sendable {
    let accessKeyID: String
    /// Eight digits.
    let date: String
    let region: String

    /// What the string to sign has: the scope without the access key.
    var text: String { "\(date)/\(region)/s3/aws4_request" }

    /// - Returns: `nil` when it is not such a scope, or one of another service.
    init?(_ credential: some StringProtocol) {
        let parts = credential.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count >= 5, parts[parts.count - 1] == "aws4_request", parts[parts.count - 2] == "s3",
            parts[parts.count - 4].utf8.count == 8
        else { return nil }
        // An access key of another server's may itself hold slashes.
        accessKeyID = parts[..<(parts.count - 4)].joined(separator: "/")
        date = String(parts[parts.count - 4])
        region = String(parts[parts.count - 3])
        guard !accessKeyID.isEmpty else { return nil }
    }
}
