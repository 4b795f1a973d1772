import Brigade
import S3Client
import S3Protocol
import ServerTestSupport
import Testing

/// A job that copies `source` to `destination`, in any number of runs.
struct JobOfRuns {
    let state: StateDirectory
    let id: String
    let client: S3Client
    var job: CopyJob

    /// Does something with a new job.
    static func with(_ client: S3Client, _ body: (inout JobOfRuns) async throws -> Void) async throws {
        try await withTemporaryFolder { folder in
            let state = StateDirectory(path: folder)
            let (source, destination) = (try ObjectLocation("s3://source"), try ObjectLocation("s3://destination"))
            let id = try state.makeJob(JobDefinition(source: source, destination: destination)).id
            var job = CopyJob(from: source, to: destination)
            job.concurrency = 8
            job.fetchers = 4
            var runs = JobOfRuns(state: state, id: id, client: client, job: job)
            try await body(&runs)
        }
    }

    /// What the journal says of the job.
    var record: JobRecord { get throws { try state.record(of: id) } }

    /// The keys of what failed.
    var failures: Set<String> {
        get throws {
            let journal = try state.openJob(id)
            defer { journal.close() }
            var keys: Set<String> = []
            try journal.forEachFailure { keys.insert($0.key.description) }
            return keys
        }
    }

    /// Runs the job once more, until its end or until it is stopped.
    ///
    /// - Throws: ``BrigadeError`` if the run could not start.
    func run(
        _ scope: CopyRun.Scope = .everything,
        stopWhen: @Sendable (CopyCounters) -> Bool = { _ in false }
    ) async throws -> CopySummary {
        let journal = try state.openJob(id)
        defer { journal.close() }
        let run = try CopyRun(job, client: client, journal: journal, scope: scope)
        return try await run.run(lookingEvery: .microseconds(200), stopWhen: stopWhen)
    }
}
