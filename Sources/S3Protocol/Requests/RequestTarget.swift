/// Where a request is sent and what its signature is bound to.
public struct RequestTarget: Sendable, Hashable {
    /// Where the bucket's name stands in a request.
    public enum Addressing: String, Sendable {
        /// In the path: `https://host/bucket/key`.
        case path
        /// In the host: `https://bucket.host/key`.
        case virtualHost
    }

    /// The service.
    public var endpoint: Endpoint
    /// Where the bucket's name stands.
    public var addressing: Addressing
    /// The region that the signature names.
    public var region: String

    /// Creates a target from its parts.
    public init(endpoint: Endpoint, addressing: Addressing, region: String) {
        self.endpoint = endpoint
        self.addressing = addressing
        self.region = region
    }

    /// The name or address to connect to for a bucket.
    public func host(for bucket: BucketName?) -> String {
        guard addressing == .virtualHost, let bucket else { return endpoint.host }
        return "\(bucket).\(endpoint.host)"
    }

    /// The `Host` field for a bucket.
    func authority(for bucket: BucketName?) -> String {
        guard addressing == .virtualHost, let bucket else { return endpoint.authority }
        return "\(bucket).\(endpoint.authority)"
    }
}
