import Testing

/// Something that S3 promises, as a client sees it, tried on every server.
struct ConformanceCase: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let run: @Sendable (Stage) async throws -> Void

    init(_ description: String, _ run: @escaping @Sendable (Stage) async throws -> Void) {
        testDescription = description
        self.run = run
    }

    static let all = buckets + objects + listings + copies + keys + credentials
}
