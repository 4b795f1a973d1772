/// What went wrong between the program and an S3 server, before or instead of an answer of the server's own.
///
/// An answer that the server gave, with a code of S3's, is an `S3ResponseError` instead.
public struct S3ClientError: Error, Sendable, CustomStringConvertible {
    /// The kind of failure.
    public struct Code: Sendable, Hashable, CustomStringConvertible {
        private enum Kind: String {
            case configuration, credentials, nameLookup, connect, tls, connectionClosed, timeout, notS3, oversized
            case cancelled
        }

        private var kind: Kind

        /// A setting (option, environment variable, profile) is missing, malformed or contradicts another.
        public static let configuration = Code(kind: .configuration)
        /// No usable credentials were found where the settings say that they are.
        public static let credentials = Code(kind: .credentials)
        /// The endpoint's name could not be resolved to an address.
        public static let nameLookup = Code(kind: .nameLookup)
        /// No connection to the endpoint could be opened.
        public static let connect = Code(kind: .connect)
        /// The TLS handshake failed, or the peer does not speak TLS.
        public static let tls = Code(kind: .tls)
        /// The connection was closed or reset before the answer was complete.
        public static let connectionClosed = Code(kind: .connectionClosed)
        /// Nothing arrived within the time allowed.
        public static let timeout = Code(kind: .timeout)
        /// The peer answered with something that is not HTTP, or not S3's XML.
        public static let notS3 = Code(kind: .notS3)
        /// The answer is larger than the bound that was set for it.
        public static let oversized = Code(kind: .oversized)
        /// The client was shut down or the calling task cancelled while the request was under way.
        public static let cancelled = Code(kind: .cancelled)

        /// The code's name, as reports print it.
        public var description: String { kind.rawValue }
    }

    /// The kind of failure.
    public var code: Code
    /// What failed, why, and what can be done about it; never holds a secret.
    public var message: String
    /// The error beneath, where there is one.
    public var cause: (any Error)?
    /// Whether sending the same request again may succeed.
    public var isRetryable: Bool

    /// Creates an error.
    public init(code: Code, message: String, cause: (any Error)? = nil, isRetryable: Bool = false) {
        self.code = code
        self.message = message
        self.cause = cause
        self.isRetryable = isRetryable
    }

    /// The message, followed by the cause where there is one.
    public var description: String {
        if let cause { "\(message) (\(cause))" } else { message }
    }
}
