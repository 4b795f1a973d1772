public import LocalS3

/// Does something beside an embedded server, which is stopped afterwards.
public func withLocalS3<Result>(
    _ configuration: LocalS3Configuration = LocalS3Configuration(),
    _ body: (LocalS3Server) async throws -> Result
) async throws -> Result {
    let server = try await LocalS3Server.start(configuration)
    let outcome: Swift.Result<Result, any Error>
    do {
        outcome = .success(try await body(server))
    } catch {
        outcome = .failure(error)
    }
    try await server.stop()
    return try outcome.get()
}
