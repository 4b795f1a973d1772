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
