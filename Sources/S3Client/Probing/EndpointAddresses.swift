/// Where the requests for a bucket go: the host and what its name stands for.
public struct EndpointAddresses: Sendable, Hashable {
    /// The name, or the address, that requests are sent to.
    public var host: String
    /// The port at every address.
    public var port: UInt16
    /// Whether connections carry TLS.
    public var usesTLS: Bool
    /// The addresses of the name, as inet_ntop(3) writes them, in the resolver's order and at least one; a literal
    /// address stands for itself.
    public var addresses: [String]
    /// How long the lookup took.
    public var lookupTime: Duration

    /// Names addresses.
    public init(host: String, port: UInt16, usesTLS: Bool, addresses: [String], lookupTime: Duration) {
        self.host = host
        self.port = port
        self.usesTLS = usesTLS
        self.addresses = addresses
        self.lookupTime = lookupTime
    }
}

extension EndpointAddresses {
    /// Checks that one of some local addresses leads to one of these.
    ///
    /// - Parameter sources: Local addresses, as ``S3ClientConfiguration/sourceAddresses`` has them; none leads anywhere.
    /// - Throws: ``S3ClientError`` with the code `connect` where no address here is of the family of one of them.
    public func check(_ sources: [String]) throws(S3ClientError) {
        let families = Set(sources.map { $0.contains(":") })
        guard !sources.isEmpty, !addresses.contains(where: { families.contains($0.contains(":")) }) else { return }
        throw Connector.noCommonFamily(host, addresses, sources)
    }
}
