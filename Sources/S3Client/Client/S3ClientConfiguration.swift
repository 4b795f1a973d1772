public import FlowControl
public import S3Protocol

/// How a client reaches S3 and what it may use.
public struct S3ClientConfiguration: Sendable {
    /// Whose certificates are believed.
    public enum Trust: Sendable, Hashable {
        /// The authorities that the system trusts.
        case system
        /// Only the authorities whose certificates, in PEM form, stand in this file.
        case bundle(String)
        /// Any certificate: the connection is encrypted, but to whom is not known.
        case anything
    }

    /// What the client tells of that its caller may want to show; none of it is a failure.
    public enum Notice: Sendable, Hashable {
        /// The server says that a bucket is in another region than was thought; requests are signed for that one now.
        case regionCorrected(BucketName, from: String, to: String)
        /// The clock of this machine differs from the server's by more than S3 allows; requests are signed for the
        /// server's time now. The value is what was added to this machine's time.
        case clockCorrected(by: Duration)
        /// The machine has no descriptor, local port or memory for another connection; requests wait for those that are
        /// open. Told once for each host; the text says what is lacking and what can be done.
        case shortage(String)
    }

    /// The service; `nil` is Amazon S3 in the bucket's region.
    public var endpoint: Endpoint?
    /// The region that signatures name until a server says otherwise; by default `us-east-1`.
    public var region = "us-east-1"
    /// Where the bucket's name stands; `nil`, the default, is the host on Amazon S3 wherever the name allows, and the
    /// path on any other service.
    public var addressing: RequestTarget.Addressing?
    /// Whom requests are signed for; `nil` sends them unsigned.
    public var credentials: Credentials?
    /// Whose certificates are believed; by default those that the system's authorities signed.
    public var trust = Trust.system
    /// The most connections to one origin at once, divided among the event loops: at least 1, by default 264.
    public var maximumConnections = 264
    /// The most connections to one origin in the first minute, at least 1 for each event loop.
    ///
    /// More would lack local ports that are in TIME_WAIT, and come free. `nil`, the default, is ``maximumConnections``.
    public var connectionsAtFirst: Int?
    /// Threads that carry connections: 1 to 64, by default 1, which carries tens of thousands of requests a second.
    public var eventLoops = 1
    /// The most that opening a connection may take, for TCP and for TLS each; by default 10 s.
    public var connectTimeout = Duration.seconds(10)
    /// How long a connection may be silent while an answer is awaited; by default 60 s.
    public var silenceAllowed = Duration.seconds(60)
    /// The same for copies, which the server works on before it answers; by default 300 s, enough for 5 GiB.
    public var copySilenceAllowed = Duration.seconds(300)
    /// The most requests that the service sees within any second, lists and repetitions included, at least 1.
    ///
    /// `nil`, the default, is no bound. Where answers take long, less is reached; see `RequestCeiling`.
    public var maximumRequestsPerSecond: Int?
    /// The most that one answer may take in all, however steadily its bytes drip; by default 600 s.
    public var answerDeadline = Duration.seconds(600)
    /// Local addresses that connections leave from, in turn, each with ports of its own (`IP_BIND_ADDRESS_NO_PORT` of
    /// ip(7) is set); empty, the default, leaves the choice to the kernel, which takes one of them.
    public var sourceAddresses: [String] = []
    /// How long the addresses of a name are used before they are looked up again, beside the requests; by default 60 s.
    public var addressLifetime = Duration.seconds(60)
    /// For how long there may be not one connection to a host, for want of a descriptor, a local port or memory, before
    /// the requests that wait for one fail; by default 30 s.
    public var shortagePatience = Duration.seconds(30)
    /// Explains, with the numbers of the moment, what the machine refused; `nil` where there is nothing to say.
    ///
    /// Called from a thread that may block; by default nothing is said.
    public var diagnose: @Sendable (SystemRefusal) -> String? = { _ in nil }
    /// When failed requests are sent again.
    public var retry = RetryPolicy()
    /// What is sent as `user-agent`.
    public var userAgent = "brigade"
    /// Called for each notice, from any thread; by default nothing happens.
    public var onNotice: @Sendable (Notice) -> Void = { _ in }

    /// Creates the configuration of the defaults, for Amazon S3.
    public init() {}

    /// Checks what can be checked before anything is sent.
    ///
    /// - Throws: ``S3ClientError`` with the code `configuration`.
    public func validate() throws(S3ClientError) {
        func require(_ condition: Bool, _ message: String) throws(S3ClientError) {
            if !condition { throw S3ClientError(code: .configuration, message: message) }
        }
        try require(maximumConnections >= 1, "at least one connection is needed")
        try require((connectionsAtFirst ?? 1) >= 1, "at least one connection is needed at first")
        try require((1...64).contains(eventLoops), "the number of event loops is 1 to 64, not \(eventLoops)")
        try require((maximumRequestsPerSecond ?? 1) >= 1, "at least one request a second is needed")
        try require(addressLifetime > .zero, "the lifetime of addresses is above zero")
        try require(shortagePatience >= .zero, "the patience with a shortage is not below zero")
        for address in sourceAddresses { _ = try TransportAddress(source: address) }
        try require(retry.maximumAttempts >= 1, "a request is sent at least once")
        try require(Self.isRegion(region), "'\(region)' is not a region's name; they look like eu-west-1")
        try require(userAgent.utf8.allSatisfy { (0x20..<0x7F).contains($0) }, "the user agent is not plain ASCII text")
        try validateCredentials()
        if addressing == .virtualHost, let endpoint, endpoint.isAddress {
            throw S3ClientError(
                code: .configuration,
                message: "\(endpoint) is an address, and a bucket's name cannot stand in front of one; use --path-style"
            )
        }
    }

    /// Whether a text can be a region's name: letters, digits, `-`, `_` and `.`, as it stands in signatures and hosts.
    static func isRegion(_ text: String) -> Bool {
        !text.isEmpty
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
                    true
                default: false
                }
            }
    }

    /// Checks that the credentials can stand in header fields; the message shows none of them.
    private func validateCredentials() throws(S3ClientError) {
        guard let credentials else { return }
        let parts = [("access key", credentials.accessKeyID), ("session token", credentials.sessionToken ?? "-")]
        for (name, value) in parts {
            guard value.isEmpty || !value.utf8.allSatisfy({ (0x21..<0x7F).contains($0) }) else { continue }
            throw S3ClientError(
                code: .credentials,
                message: "the \(name) is empty or holds a space, a line break or a character outside ASCII; "
                    + "check where it comes from (a file's last line break may have been taken with it)"
            )
        }
    }
}
