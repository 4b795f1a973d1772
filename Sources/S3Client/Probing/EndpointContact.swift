public import S3Protocol

/// What one connection to one address of an endpoint showed, see ``S3ClientConfiguration/contact(_:of:)``.
public struct EndpointContact: Sendable, Hashable {
    /// What is known of TLS on a connection; the cipher is not, since NIOSSL does not tell it.
    public struct TLS: Sendable, Hashable {
        /// The version: `TLS 1.3`.
        public var version: String
        /// From the open connection to the end of the handshake.
        public var handshake: Duration
        /// When the server's certificate ends to be valid; `nil` where it did not show one.
        public var certificateExpires: UTCTime?
    }

    /// From the first segment to an open connection: a round trip, or little more.
    public var connect: Duration
    /// What TLS showed; `nil` on a plain connection.
    public var tls: TLS?
    /// From a request for nothing, unsigned, to the head of its answer.
    public var answer: Duration
    /// The answer's status, whatever it is; an S3 server refuses such a request or tells of its region.
    public var status: Int
    /// The server's time by the answer's `Date`; `nil` where it gives none.
    public var serverTime: UTCTime?
    /// This machine's time when the answer came.
    public var localTime: UTCTime
    /// What the server calls itself in `Server`; `nil` where it does not.
    public var server: String?
}
