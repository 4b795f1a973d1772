import FlowControl
import LocalS3
import S3Client
import S3Protocol
import ServerTestSupport

/// An embedded server with faults, and a client for it that does not wait long between its attempts.
///
/// A test that changes something while a run is under way gives the server a latency, so that the run lasts for seconds
/// however late the test gets its turn.
func withFaultyServer(
    _ faults: Faults = Faults(),
    region: String = "us-east-1",
    latency: Duration = .zero,
    change: (inout S3ClientConfiguration) -> Void = { _ in },
    _ body: (LocalS3Server, S3Client) async throws -> Void
) async throws {
    var settings = LocalS3Configuration()
    settings.credentials = ["KEY": "a+secret/of=the:tests"]
    settings.region = region
    settings.faults = faults
    settings.latency = latency
    try await withLocalS3(settings) { server in
        try server.createBucket("source")
        try server.createBucket("destination")
        var configuration = S3ClientConfiguration()
        configuration.endpoint = try Endpoint(url: server.endpoint)
        configuration.credentials = Credentials(accessKeyID: "KEY", secretAccessKey: "a+secret/of=the:tests")
        configuration.retry.transientDelay = .milliseconds(5)
        configuration.retry.throttledDelay = .milliseconds(50)
        change(&configuration)
        try await withNewClient(configuration) { try await body(server, $0) }
    }
}

extension BucketName {
    static let source = known("source")
    static let destination = known("destination")

    private static func known(_ name: String) -> BucketName {
        do { return try BucketName(name) } catch { preconditionFailure("\(error)") }
    }
}
