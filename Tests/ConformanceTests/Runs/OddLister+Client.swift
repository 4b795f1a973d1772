import S3Client
import S3Protocol
import ServerTestSupport

extension OddLister {
    /// Does something with a client of the server.
    func run(_ body: (S3Client) async throws -> Void) async throws {
        try await StandIn.run(behaviour) { port in
            var configuration = S3ClientConfiguration()
            configuration.endpoint = try Endpoint(url: "http://127.0.0.1:\(port)")
            try await withNewClient(configuration, body)
        }
    }
}
