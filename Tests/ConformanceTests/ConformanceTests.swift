import Testing

/// The same cases on every server: what S3 promises, and what the client makes of it.
@Suite("conformance", .serialized)
struct ConformanceTests {
    @Test("the embedded server", arguments: TestedServer.embedded, ConformanceCase.all)
    func embedded(server: TestedServer, test: ConformanceCase) async throws {
        try await server.stage(test.run)
    }

    @Test(
        "servers of other people",
        .enabled(if: TestedServer.running != nil, "BRIGADE_TEST_SERVERS is not set; run the tests with `make test`"),
        arguments: TestedServer.foreign,
        ConformanceCase.all
    )
    func foreign(server: TestedServer, test: ConformanceCase) async throws {
        try await server.stage(test.run)
    }
}
