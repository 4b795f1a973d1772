import LocalS3
import ServerTestSupport
import Testing

/// A server with the buckets `source` and `destination`, and a user who runs `brigade` beside it.
struct Bench {
    let server: LocalS3Server
    let home: String
    /// What the user's environment says.
    var environment = Bench.credentials

    static let credentials = ["AWS_ACCESS_KEY_ID": "KEY", "AWS_SECRET_ACCESS_KEY": "a+secret/of=the:tests"]

    /// Sets a bench up, and takes it down in the end.
    ///
    /// - Parameters:
    ///   - objects: How many objects of 10 bytes `source` has: `object-00000` and so on.
    ///   - faults: What goes wrong.
    ///   - latency: How long each answer takes.
    ///   - tls: Whether the server speaks TLS; the certificate is then in the home's `certificate.pem`.
    ///   - body: What to do there.
    /// - Throws: What the body throws.
    static func run(
        objects: Int = 3,
        faults: Faults = Faults(),
        latency: Duration = .zero,
        tls: Bool = false,
        _ body: (Bench) async throws -> Void
    ) async throws {
        try await withTemporaryFolder { home in
            var configuration = LocalS3Configuration()
            configuration.credentials = ["KEY": "a+secret/of=the:tests"]
            configuration.faults = faults
            configuration.latency = latency
            if tls {
                let made = try TestCertificate(in: home)
                configuration.tls = .init(certificateChainFile: made.certificateFile, privateKeyFile: made.keyFile)
            }
            try await withLocalS3(configuration) { server in
                try server.createBucket("source")
                try server.createBucket("destination")
                for number in 0..<objects {
                    let digits = String(number)
                    let name = "object-" + String(repeating: "0", count: 5 - digits.count) + digits
                    try server.put(bucket: "source", key: Array(name.utf8), body: Array(repeating: 0x78, count: 10))
                }
                try await body(Bench(server: server, home: home))
            }
        }
    }

    /// Starts `brigade`.
    func start(_ arguments: [String]) throws -> BrigadeProcess {
        try BrigadeProcess(arguments, home: home, environment: environment)
    }

    /// Runs `brigade` to its end.
    func brigade(_ arguments: String...) async throws -> BrigadeProcess.Outcome {
        try await start(arguments).wait()
    }

    /// Runs `brigade copy s3://source s3://destination` on the bench's server to its end.
    func copy(
        _ source: String = "s3://source",
        _ destination: String = "s3://destination",
        endpoint: String? = nil,
        _ options: String...
    ) async throws -> BrigadeProcess.Outcome {
        try await start(["copy", source, destination, "--endpoint", endpoint ?? server.endpoint] + options).wait()
    }

    /// The keys of a bucket.
    func keys(in bucket: String) throws -> [String] {
        try server.objects(in: bucket).map { String(decoding: $0.key, as: UTF8.self) }
    }

    /// Expects that no request was made that could have written anything.
    func expectNothingWritten(sourceLocation: SourceLocation = #_sourceLocation) throws {
        let requests = server.statistics.requests
        for operation in requests.keys {
            #expect(["ListObjectsV2", "Unknown"].contains(operation), sourceLocation: sourceLocation)
        }
        #expect(try keys(in: "destination").isEmpty, sourceLocation: sourceLocation)
    }
}
