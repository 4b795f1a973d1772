internal import ArgumentParser
internal import LocalS3
internal import SampleKeyspaces

/// `brigade serve`: the embedded S3 server, by itself.
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Runs a small S3 server, for development and tests; not for data that matters.",
        discussion: """
            Its first line of output tells where it listens; when it is stopped by SIGINT or SIGTERM, its last line is \
            a JSON object that counts what it did. Without an access key it lets everyone do everything.

            Example: brigade serve --memory --port 9000 --populate demo=10000

            Kinds of keys that --populate makes:
            \(SampleKind.allCases.map { "  \($0.rawValue): \($0.summary)" }.joined(separator: "\n"))
            """
    )

    @Option(help: ArgumentHelp("Keep objects as files in this folder.", valueName: "folder"))
    var directory: String?

    @Flag(help: "Keep objects in memory, which is the default.")
    var memory = false

    @Option(help: "The name or address to listen on.")
    var host = "127.0.0.1"

    @Option(help: "The port to listen on; 0 takes a free one.")
    var port = 0

    @Option(name: .customLong("access-key"), help: "The access key whose signatures are accepted.")
    var accessKey: String?

    @Option(name: .customLong("secret-key"), help: "The secret of the access key.")
    var secretKey: String?

    @Option(help: "The region of all buckets.")
    var region = "us-east-1"

    @Option(help: ArgumentHelp("Serve TLS with the certificate chain in this PEM file.", valueName: "file"))
    var certificate: String?

    @Option(name: .customLong("private-key"), help: ArgumentHelp("The certificate's key, in PEM.", valueName: "file"))
    var privateKey: String?

    @Option(help: ArgumentHelp("Hold every answer back for so long, as 20ms or 1.5s.", valueName: "time"))
    var latency: DurationArgument?

    @Option(help: ArgumentHelp("\(FaultArgument.help)", valueName: "name=value"))
    var fault: [FaultArgument] = []

    @Option(help: ArgumentHelp("Make this bucket at the start; any number of times.", valueName: "name"))
    var bucket: [String] = []

    @Option(help: ArgumentHelp("\(PopulateArgument.help)", valueName: "bucket=count"))
    var populate: [PopulateArgument] = []

    func validate() throws {
        guard !(memory && directory != nil) else {
            throw ValidationError("--memory and --directory exclude each other.")
        }
        guard (accessKey == nil) == (secretKey == nil) else {
            throw ValidationError("--access-key and --secret-key go together.")
        }
        guard (certificate == nil) == (privateKey == nil) else {
            throw ValidationError("--certificate and --private-key go together.")
        }
        do {
            try serverConfiguration().validate()
        } catch let error as LocalS3Error {
            throw ValidationError(error.message)
        }
    }

    func run() async throws {
        do {
            let signals = SignalStream()
            let server = try await LocalS3Server.start(serverConfiguration())
            try fill(server)
            StandardOutput.writeLine("listening on \(server.endpoint)")
            await signals.first()
            let statistics = server.statistics
            try await server.stop()
            StandardOutput.writeLine(JSONLine.encoded(StatisticsLine(statistics)))
        } catch let error as LocalS3Error {
            throw CommandFailure.fatal(error.message)
        }
    }

    private func serverConfiguration() -> LocalS3Configuration {
        var configuration = LocalS3Configuration()
        configuration.host = host
        configuration.port = port
        configuration.region = region
        if let directory { configuration.storage = .directory(directory) }
        if let accessKey, let secretKey { configuration.credentials = [accessKey: secretKey] }
        if let certificate, let privateKey {
            configuration.tls = LocalS3Configuration.TLS(
                certificateChainFile: certificate,
                privateKeyFile: privateKey
            )
        }
        if let latency { configuration.latency = latency.duration }
        for fault in fault { fault.apply(&configuration.faults) }
        return configuration
    }

    private func fill(_ server: LocalS3Server) throws {
        for name in bucket { try makeBucket(name, on: server) }
        for request in populate {
            try makeBucket(request.bucket, on: server)
            let keys = request.kind.keyspace(count: request.count)
            for index in 0..<keys.count {
                let key = keys.key(at: index)
                try server.put(bucket: request.bucket, key: key, body: Array(key.suffix(16)))
            }
        }
    }

    /// Makes a bucket unless it is there, as it is in a folder that was served before.
    private func makeBucket(_ name: String, on server: LocalS3Server) throws {
        do {
            try server.createBucket(name)
        } catch let error as LocalS3Error where error.code == .bucketExists {
            return
        }
    }
}

/// The last line of `brigade serve`.
private struct StatisticsLine: Encodable {
    var requests: [String: Int]
    var highestRequestsInASecond: Int
    var connectionsAccepted: Int
    var connectionsOpenHighest: Int
    var bytesReceived: Int
    var bytesSent: Int
    var faults: [String: Int]

    init(_ statistics: Statistics) {
        requests = statistics.requests
        highestRequestsInASecond = statistics.highestRequestsInASecond
        connectionsAccepted = statistics.connectionsAccepted
        connectionsOpenHighest = statistics.connectionsOpenHighest
        bytesReceived = statistics.bytesReceived
        bytesSent = statistics.bytesSent
        faults = statistics.faults
    }
}
