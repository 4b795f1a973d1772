internal import S3Client
internal import S3Protocol
private import Synchronization

/// Looks up what failed in earlier runs of a job, as it is now: a listing of one key for each.
///
/// That works on a server of any order, and costs as many requests as there were failures. What is not listed is taken
/// for gone only when HEAD does not find it either.
struct FailedObjectLister: Sendable {
    /// What is to be said of an object that had failed.
    enum Outcome: Sendable {
        /// It is there.
        case listed(Slice<ListPage>)
        /// It is not there any more.
        case gone
        /// It could not be looked up.
        case failed(CopyFailure)
    }

    let client: S3Client
    let source: BucketName
    let journal: JobJournal
    /// The run that asks; what fails in it is not tried again.
    let run: Int
    /// Objects looked up at once, at least 1.
    let workers: Int

    /// Objects that are read from the journal at a time.
    private static let chunk = 1000

    /// Looks everything up.
    ///
    /// - Parameter receive: Takes an object, from as many tasks at once as there are workers.
    /// - Throws: ``BrigadeError`` with the code `journalFailed`, or what `receive` throws.
    func run(_ receive: @escaping @Sendable (FailedObject, Outcome) async throws -> Void) async throws {
        var last: ObjectKey?
        while true {
            let failures = try journal.failures(above: last, before: run, limit: Self.chunk)
            let rest = Rest(failures)
            try await withThrowingTaskGroup { group in
                for worker in 0..<min(workers, failures.count) {
                    group.addTask {
                        try await client.withConnectionLoop(worker) { _ in
                            while let failed = rest.next() { try await receive(failed, try await lookUp(failed.key)) }
                        }
                    }
                }
                try await group.waitForAll()
            }
            guard failures.count == Self.chunk else { return }
            last = failures.last?.key
        }
    }

    private func lookUp(_ key: ObjectKey) async throws -> Outcome {
        do {
            if let listed = try await client.listed(key, in: source) { return .listed(listed) }
            _ = try await client.headObject(source, key)
            return .failed(
                CopyFailure(code: "NotListed", message: "the server answers HEAD for the object, but does not list it")
            )
        } catch let error as S3ClientError where error.code == .cancelled {
            throw error
        } catch let error as S3ResponseError where error.operation == .headObject && error.code == "NoSuchKey" {
            return .gone
        } catch {
            return .failed(CopyFailure(error))
        }
    }
}

/// What several workers have yet to do.
private final class Rest: Sendable {
    private let failures: Mutex<ArraySlice<FailedObject>>

    init(_ failures: [FailedObject]) {
        self.failures = Mutex(failures[...])
    }

    func next() -> FailedObject? {
        failures.withLock { $0.popFirst() }
    }
}
