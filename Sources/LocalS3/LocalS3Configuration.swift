/// How the embedded server is to run.
///
/// The defaults are a server in memory, on a free port of the loopback address, that lets everyone do everything.
///
/// The server is for development, tests and demonstrations: it keeps no access rights and flushes nothing to disk.
public struct LocalS3Configuration: Sendable {
    /// Where buckets and objects are kept.
    public enum Storage: Sendable, Hashable {
        /// In memory, for as long as the server runs. A copy shares its source's bytes.
        case memory
        /// As files in a folder, which is made when it is missing and must hold nothing else. Later servers find the
        /// objects again; one server at a time may use it.
        case directory(String)
    }

    /// A certificate and its key, as PEM files.
    public struct TLS: Sendable, Hashable {
        /// The server's certificate, followed by those that lead to the root.
        public var certificateChainFile: String
        /// The private key of the server's certificate.
        public var privateKeyFile: String

        /// Names the files; they are read when the server starts.
        public init(certificateChainFile: String, privateKeyFile: String) {
            self.certificateChainFile = certificateChainFile
            self.privateKeyFile = privateKeyFile
        }
    }

    /// The largest body that one request may put into memory, in bytes: 512 MiB.
    ///
    /// Larger ones are EntityTooLarge; an upload in parts may make larger objects.
    public static let largestBodyInMemory = 512 << 20

    /// The largest body that one request may put into a folder, in bytes: S3's own 5 GiB.
    public static let largestBodyInFolder = 5 << 30

    /// The name or address to listen on.
    public var host = "127.0.0.1"
    /// The port to listen on, 0 to 65535; 0 takes any free one.
    public var port = 0
    /// Where objects are kept.
    public var storage = Storage.memory
    /// Secrets by access key ID.
    ///
    /// When empty, signatures are not checked and anonymous requests are served.
    public var credentials: [String: String] = [:]
    /// The region that signatures must name and that buckets are in.
    public var region = "us-east-1"
    /// The certificate to serve TLS with; `nil` serves plain HTTP.
    public var tls: TLS?
    /// How long every answer is held back, so that the server seems as far away.
    public var latency = Duration.zero
    /// What goes wrong on purpose.
    public var faults = Faults()
    /// The threads that serve connections, at least 1.
    ///
    /// Files are read and written on them, too.
    public var eventLoopThreads = 1

    /// The defaults.
    public init() {}

    /// Checks the settings; the files that they name are read only when the server starts.
    ///
    /// - Throws: `LocalS3Error` with `.configuration`, naming the setting and its bounds.
    public func validate() throws {
        func require(_ condition: Bool, _ message: String) throws {
            if !condition { throw LocalS3Error(code: .configuration, message: message) }
        }
        try require(!host.isEmpty, "host is empty; it must be a name or an address")
        try require((0...65535).contains(port), "port is \(port); it must be from 0 to 65535")
        try require(!region.isEmpty && !region.contains("/"), "region is '\(region)'; it must be a region's name")
        try require(latency >= .zero, "latency is \(latency); it must not be below zero")
        try require(eventLoopThreads >= 1, "eventLoopThreads is \(eventLoopThreads); it must be at least 1")
        try require(storage != .directory(""), "the folder's name is empty")
        for (id, secret) in credentials {
            try require(!id.isEmpty && !secret.isEmpty, "an access key ID or its secret is empty")
        }
        try faults.validate()
    }
}
