internal import Keyspace
internal import S3Client
internal import S3Protocol

/// What one copier does: takes one object after the other and has the server copy it, until there is none left.
struct Copier: Sendable {
    let client: S3Client
    let source: BucketName
    let destination: BucketName
    let mapping: PrefixMapping
    let isDryRun: Bool

    /// Copies one object and says how that ended; nothing is thrown, since one object never ends the job.
    ///
    /// - Throws: An error that every other object would meet too.
    func copy(_ object: ListedObject) async throws(JobEndingError) -> CopyVerdict {
        guard let mapped = mapping.map(object.key.bytes) else {
            return .failed(
                CopyFailure(code: "UnexpectedKey", message: "the server listed a key that lacks the prefix asked for")
            )
        }
        let target = ObjectKey(mapped)
        guard target.bytes.count <= ObjectKey.maximumLength else {
            return .failed(
                CopyFailure(
                    code: "KeyTooLongError",
                    message: "under the destination's prefix the key would have \(target.bytes.count) bytes; "
                        + "S3 takes \(ObjectKey.maximumLength)"
                )
            )
        }
        guard object.size <= S3Request.largestCopy else {
            return .failed(
                CopyFailure(
                    code: "EntityTooLarge",
                    message: "the object has \(object.size) bytes; a copy in one request takes 5 GiB at most, "
                        + "and copies in parts are not supported yet"
                )
            )
        }
        if isDryRun { return .skipped(.dryRun) }
        do {
            _ = try await client.copyObject(from: source, object.key, to: destination, target)
            return .copied
        } catch let error as S3ResponseError where error.code == "NoSuchKey" {
            return try await resolveMissingSource(object, target: target)
        } catch {
            return try JobEndingError.verdict(for: error)
        }
    }

    /// The source was listed, and its copy says that there is no such key: either it is gone by now, or it is an empty
    /// object that the server lists but cannot copy, as SeaweedFS does with keys that end in `/`; the latter is made
    /// anew from what HEAD tells.
    private func resolveMissingSource(
        _ object: ListedObject,
        target: ObjectKey
    ) async throws(JobEndingError) -> CopyVerdict {
        do {
            let head = try await client.headObject(source, object.key)
            guard head.size == 0 else {
                return .failed(
                    CopyFailure(
                        code: "NoSuchKey",
                        message: "the server lists the object and answers HEAD for it, but not a copy"
                    )
                )
            }
            try await client.putObject(destination, target, body: [], headers: head.storedHeaders)
            return .copied
        } catch let error as S3ResponseError where error.code == "NoSuchKey" && error.operation == .headObject {
            return .skipped(.deletedMeanwhile)
        } catch {
            return try JobEndingError.verdict(for: error)
        }
    }
}
