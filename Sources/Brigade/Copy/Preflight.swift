internal import S3Client
internal import S3Protocol

/// What is tried before the first object is written: whether the source lists and the destination exists.
struct Preflight {
    let client: S3Client
    let job: CopyJob
    let stopSignal: StopSignal

    /// Opens the listing of the source.
    ///
    /// - Throws: ``BrigadeError`` with the code `sourceUnavailable`.
    func open(_ lister: Lister) async throws(BrigadeError) -> Lister.Opening {
        do {
            return try await lister.open()
        } catch {
            throw BucketUse.source.failure(of: job.source.bucket, with: client, cause: error)
        }
    }

    /// Asks for one key of the destination, which shows that it exists and that the credentials are taken there.
    ///
    /// That listing it is forbidden is no error: who may write need not be allowed to read.
    ///
    /// - Throws: ``BrigadeError`` with the code `destinationUnavailable`.
    func checkDestination() async throws(BrigadeError) {
        do {
            _ = try await stopSignal.cutShort { [client, job] in
                try await client.listObjects(job.destination.bucket, prefix: job.destination.prefix, maximumKeys: 1)
            }
        } catch let error as S3ResponseError where error.code == "AccessDenied" {
            return
        } catch {
            throw BucketUse.destination.failure(of: job.destination.bucket, with: client, cause: error)
        }
    }
}
