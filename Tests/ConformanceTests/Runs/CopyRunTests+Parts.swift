import Brigade
import LocalS3
import S3Client
import S3Protocol
import ServerTestSupport
import Testing

extension CopyRunTests {
    /// Fills the bucket `source` with all awkward keys, and ordinary ones in ten folders.
    func fill(_ server: LocalS3Server, ordinary: Int) throws {
        for awkward in AwkwardKey.all {
            try server.put(
                bucket: "source",
                key: awkward.bytes,
                body: awkward.isFolder ? [] : Array(awkward.name.utf8),
                contentType: "text/x-tests; charset=utf-8",
                metadata: ["name": awkward.name]
            )
        }
        for number in 0..<ordinary {
            try server.put(
                bucket: "source",
                key: Array("ordinary/\(number % 10)/\(number)".utf8),
                body: Array("content of \(number)".utf8),
                contentType: number % 4 == 0 ? "application/json" : "binary/octet-stream",
                metadata: number % 3 == 0 ? ["index": "\(number)"] : [:]
            )
        }
    }

    func job(
        from source: String = "s3://source",
        to destination: String = "s3://destination",
        concurrency: Int = 32
    ) throws -> CopyJob {
        var job = CopyJob(from: try ObjectLocation(source), to: try ObjectLocation(destination))
        job.concurrency = concurrency
        job.adaptsConcurrency = false
        return job
    }

    /// Copies to the end.
    func copy(
        from source: String = "s3://source",
        to destination: String = "s3://destination",
        with client: S3Client,
        onEvent: @escaping @Sendable (CopyRun.Event) -> Void = { _ in }
    ) async throws -> CopySummary {
        try await CopyRun(job(from: source, to: destination), client: client, onEvent: onEvent).run()
    }

    /// Objects listed, copied, skipped, failed, not tried.
    func amounts(_ summary: CopySummary) -> [Int] {
        let counters = summary.counters
        return [counters.listed, counters.copied, counters.skipped, counters.failed, counters.notTried].map(\.objects)
    }

    /// Expects `destination` to hold what `source` holds, object by object.
    func expectEqual(_ server: LocalS3Server, sourceLocation: SourceLocation = #_sourceLocation) throws {
        let (source, copy) = (try server.objects(in: "source"), try server.objects(in: "destination"))
        #expect(copy.count == source.count, sourceLocation: sourceLocation)
        for (original, copied) in zip(source, copy) where original != copied {
            Issue.record("\(copied) is not \(original)", sourceLocation: sourceLocation)
        }
    }

    /// Expects a bucket to hold objects under keys in which the prefix is another.
    func expect(
        _ server: LocalS3Server,
        _ bucket: String,
        holds objects: [StoredObject],
        replacing prefix: String,
        by replacement: String,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let expected = objects.map { object in
            var object = object
            object.key = Array(replacement.utf8) + object.key.dropFirst(prefix.utf8.count)
            return object
        }
        #expect(try server.objects(in: bucket) == expected, sourceLocation: sourceLocation)
    }
}
