import FlowControl
import S3Client
import S3Protocol

/// What a conformance case has: a server, a client for it, and a bucket of its own.
struct Stage: Sendable {
    let server: TestedServer
    let address: TestedServer.Address
    let client: S3Client
    let bucket: BucketName

    /// What is known of the server where it differs from S3.
    var quirks: ServerQuirks { ServerQuirks.of(server) }

    static func run(
        on server: TestedServer,
        at address: TestedServer.Address,
        _ body: (Stage) async throws -> Void
    ) async throws {
        try await withNewClient(try configuration(for: address)) { client in
            let bucket = try newBucketName()
            try await client.createBucket(bucket)
            try await body(Stage(server: server, address: address, client: client, bucket: bucket))
        }
    }

    /// Makes another bucket.
    func makeBucket() async throws -> BucketName {
        let bucket = try Self.newBucketName()
        try await client.createBucket(bucket)
        return bucket
    }

    /// Does something with a client that differs from the stage's own.
    func withClient<Result>(
        _ change: (inout S3ClientConfiguration) -> Void,
        _ body: (S3Client) async throws -> Result
    ) async throws -> Result {
        var configuration = try Self.configuration(for: address)
        change(&configuration)
        return try await withNewClient(configuration, body)
    }

    /// A name that no bucket of the server has.
    static func newBucketName() throws -> BucketName {
        try BucketName("case-" + String(UInt64.random(in: .min ... .max), radix: 36))
    }

    private static func configuration(for address: TestedServer.Address) throws -> S3ClientConfiguration {
        var configuration = S3ClientConfiguration()
        configuration.endpoint = try Endpoint(url: address.endpoint)
        configuration.region = address.region
        configuration.credentials = Credentials(
            accessKeyID: address.accessKey,
            secretAccessKey: address.secretKey
        )
        if let file = address.caBundle { configuration.trust = .bundle(file) }
        // A server that fails for good need not be asked for a quarter of a minute.
        configuration.retry.transientDelay = .milliseconds(5)
        return configuration
    }
}

/// Does something with a client, which is shut down afterwards.
func withNewClient<Result>(
    _ configuration: S3ClientConfiguration,
    _ body: (S3Client) async throws -> Result
) async throws -> Result {
    let client = try S3Client(configuration)
    let outcome: Swift.Result<Result, any Error>
    do {
        outcome = .success(try await body(client))
    } catch {
        outcome = .failure(error)
    }
    await client.shutDown()
    return try outcome.get()
}
