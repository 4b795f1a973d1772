internal import FlowControl
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
    let conditions: SourceConditions

    /// Makes one attempt to copy an object.
    ///
    /// - Parameters:
    ///   - object: The object.
    ///   - attempt: Which attempt this is, counted from 1.
    /// - Returns: How that ended. What befalls one object never ends the job.
    /// - Throws: ``JobEndingError``: what every other object would meet too.
    func copy(_ object: ListedObject, attempt: Int) async throws(JobEndingError) -> CopyAttempt {
        let target: ObjectKey
        switch destinationKey(of: object) {
        case .copied(let key): target = key
        case .instead(let verdict): return .verdict(verdict, isAnswered: false)
        }
        if isDryRun { return .verdict(.skipped(.dryRun), isAnswered: false) }
        let etag = object.etag
        do {
            let copy = try await send(
                object,
                to: target,
                ifSourceMatches: etag,
                repetition: .byCaller(attempt: attempt)
            )
            switch ETagComparison(etag, copy.etag[...]) {
            case .different where !copy.hasOpaqueETag:
                return .verdict(try await settle(object, target, copy: copy), isAnswered: true)
            case .same, .notComparable, .different: return .verdict(.copied, isAnswered: true)
            }
        } catch let error as S3ResponseError where error.code == "NoSuchKey" {
            return .verdict(try await resolveMissingSource(object, target: target), isAnswered: true)
        } catch let error as S3ResponseError where error.code == "PreconditionFailed" {
            return .verdict(try await settle(object, target, copy: nil), isAnswered: true)
        } catch {
            let failure = RetryPolicy.Failure(error)
            guard failure == .permanent else { return .failed(failure, CopyFailure(error)) }
            return .verdict(try await verdict(for: error, on: object), isAnswered: error is S3ResponseError)
        }
    }

    /// Has the server make the copy, on the condition that the source has an ETag where the server takes conditions.
    ///
    /// - Parameters:
    ///   - object: What to copy.
    ///   - target: The key of the copy.
    ///   - etag: The source's; one that cannot be sent is left out.
    ///   - repetition: Who sends the request again after a failure.
    /// - Returns: What the server says of the copy.
    /// - Throws: ``S3ResponseError`` or ``S3ClientError``.
    func send(
        _ object: ListedObject,
        to target: ObjectKey,
        ifSourceMatches etag: ArraySlice<UInt8>?,
        repetition: Repetition = .byClient
    ) async throws -> CopyResult {
        let condition = etag.flatMap { conditions.areInUse && S3Request.canCarry(etag: $0) ? $0 : nil }
        do {
            return try await client.copyObject(
                from: source,
                object.key,
                to: destination,
                target,
                ifSourceMatches: condition,
                repetition: repetition
            )
        } catch let error as S3ResponseError
            where condition != nil && [400, 501].contains(error.status) && !error.isRetryable
            && !JobEndingError.codes.contains(error.code)
        {
            let copy = try await client.copyObject(
                from: source,
                object.key,
                to: destination,
                target,
                repetition: repetition
            )
            conditions.noteRefusal()
            return copy
        }
    }

    // MARK: Before anything is sent

    fileprivate enum Destination {
        case copied(to: ObjectKey)
        case instead(CopyVerdict)
    }

    /// Where the copy goes, or why there will be none.
    private func destinationKey(of object: ListedObject) -> Destination {
        guard let mapped = mapping.map(object.key.bytes) else {
            return .failed("UnexpectedKey", "the server listed a key that lacks the prefix asked for")
        }
        guard !mapped.isEmpty else {
            // The marker of the folder that is copied: at the destination, that folder is the bucket itself.
            if object.size == 0, object.key.bytes.last == UInt8(ascii: "/") { return .instead(.skipped(.prefixItself)) }
            return .failed(
                "EmptyKey",
                "the key is the source's prefix, of which nothing is left at the destination; give the destination a prefix"
            )
        }
        guard mapped.count <= ObjectKey.maximumLength else {
            return .failed(
                "KeyTooLongError",
                "under the destination's prefix the key would have \(mapped.count) bytes; "
                    + "S3 takes \(ObjectKey.maximumLength)"
            )
        }
        if let failure = Self.refusal(ofSize: object.size) { return .instead(.failed(failure)) }
        return .copied(to: ObjectKey(mapped))
    }

    /// Why an object of a size cannot be copied; `nil` if it can.
    static func refusal(ofSize size: Int) -> CopyFailure? {
        guard size > S3Request.largestCopy else { return nil }
        return CopyFailure(
            code: "EntityTooLarge",
            message: "the object has \(size) bytes; a copy in one request takes 5 GiB at most, "
                + "and copies in parts are not supported yet"
        )
    }

    // MARK: After a failure

    /// Finds out what a copy means that found no source, although it was listed.
    ///
    /// Either it is gone by now. Or the server lists objects that it cannot copy: SeaweedFS does so with empty ones
    /// whose key ends in `/`, and an empty object can be made anew from what HEAD tells. Or something between here and
    /// the server changes keys; then the object is there and still not copied, which has to be said.
    private func resolveMissingSource(
        _ object: ListedObject,
        target: ObjectKey
    ) async throws(JobEndingError) -> CopyVerdict {
        do {
            let head = try await client.headObject(source, object.key)
            if object.size == 0, head.size == 0 {
                return try await makeAnew(target, from: head)
            }
            // Perhaps it was written again since.
            let copy = try await send(object, to: target, ifSourceMatches: head.etag?[...])
            return try await settle(object, target, copy: copy)
        } catch let error as S3ResponseError where error.code == "PreconditionFailed" {
            return try await settle(object, target, copy: nil)
        } catch let error as S3ResponseError where error.code == "NoSuchKey" && error.operation == .headObject {
            return try await verdictOnMissing(object)
        } catch let error as S3ResponseError where error.code == "NoSuchKey" {
            return .failed(
                CopyFailure(
                    code: error.code,
                    message: "the server lists the object and answers HEAD for it, but not a copy"
                )
            )
        } catch {
            return try await verdict(for: error, on: object)
        }
    }

    /// Makes an empty object anew, and looks whether it stays.
    ///
    /// SeaweedFS can lose a folder's marker that is written while the folder itself comes into being, because another
    /// copy goes into it at the same moment. The folder is there a moment later, and the marker written then stays.
    private func makeAnew(_ target: ObjectKey, from head: ObjectHead) async throws -> CopyVerdict {
        for _ in 0..<3 {
            try await client.putObject(destination, target, body: [], headers: head.storedHeaders)
            try? await Task.sleep(for: .milliseconds(200))
            do {
                if try await client.listed(target, in: destination) != nil { return .copied }
            } catch let error as S3ResponseError where error.code == "AccessDenied" {
                // Who may write need not be allowed to list.
                return .copied
            }
        }
        return .failed(
            CopyFailure(code: "NotKept", message: "the server took the empty object, and does not list it afterwards")
        )
    }

    func verdictOnMissing(_ object: ListedObject) async throws(JobEndingError) -> CopyVerdict {
        do {
            guard try await client.listed(object.key, in: source) != nil else { return .skipped(.deletedMeanwhile) }
            return .failed(
                CopyFailure(
                    code: "NoSuchKey",
                    message: "the server lists the object, but knows it neither for a copy nor for HEAD; "
                        + "something on the way may change keys, such as a proxy that folds '//'"
                )
            )
        } catch {
            return try await verdict(for: error, on: object)
        }
    }

    /// The verdict on an object whose copy failed.
    ///
    /// A code that speaks of the bucket, the credentials or the clock is believed only when the buckets cannot be
    /// listed either: proxies and servers give such codes for single keys, too.
    func verdict(for error: any Error, on object: ListedObject) async throws(JobEndingError) -> CopyVerdict {
        if let error = error as? S3ClientError, error.code == .cancelled { throw JobEndingError(cause: error) }
        guard let error = error as? S3ResponseError, JobEndingError.codes.contains(error.code) else {
            return .failed(CopyFailure(error, on: object))
        }
        for bucket in [destination, source] {
            do {
                _ = try await client.listObjects(bucket, maximumKeys: 1)
            } catch let confirmation as S3ResponseError where JobEndingError.codes.contains(confirmation.code) {
                throw JobEndingError(cause: confirmation)
            } catch {
                continue
            }
        }
        return .failed(CopyFailure(error))
    }
}

extension Copier.Destination {
    fileprivate static func failed(_ code: String, _ message: String) -> Self {
        .instead(.failed(CopyFailure(code: code, message: message)))
    }
}
