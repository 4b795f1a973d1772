public import S3Protocol

extension S3Client {
    /// Has the server copy an object of at most 5 GiB within itself.
    ///
    /// - Parameters:
    ///   - sourceBucket: The bucket of the object.
    ///   - sourceKey: Its key.
    ///   - bucket: The bucket that the copy goes to.
    ///   - key: The key of the copy.
    ///   - sourceETag: The ETag that the object must have; `nil` for any.
    ///   - repetition: Who sends the request again after a failure.
    /// - Returns: What the server says of the copy, after its whole answer was read: a 200 alone is no success.
    /// - Throws: ``S3ResponseError``, the one in the body of a 200 included.
    public func copyObject(
        from sourceBucket: BucketName,
        _ sourceKey: ObjectKey,
        to bucket: BucketName,
        _ key: ObjectKey,
        ifSourceMatches sourceETag: ArraySlice<UInt8>? = nil,
        repetition: Repetition = .byClient
    ) async throws -> CopyResult {
        let request = S3Request.copyObject(
            from: sourceBucket,
            sourceKey,
            to: bucket,
            key,
            ifSourceMatches: sourceETag
        )
        return try await perform(request, repetition: repetition) { try CopyResult(head: $0.head, body: $0.body) }
    }

    /// An object's size, ETag and the fields that are kept with it.
    ///
    /// - Throws: ``S3ResponseError`` with the code `NoSuchKey` if there is none.
    public func headObject(_ bucket: BucketName, _ key: ObjectKey) async throws -> ObjectHead {
        try await perform(.headObject(bucket, key)) { ObjectHead(head: $0.head) }
    }

    /// Reads an object, or a part of it, into memory.
    ///
    /// - Parameters:
    ///   - bucket: The bucket.
    ///   - key: The key.
    ///   - range: The bytes wanted, both ends included, counted from 0; `nil` for all.
    ///   - limit: The most bytes to take; a longer answer is an error. Default: 16 MiB.
    /// - Returns: What the answer's head says of the object, and the bytes.
    /// - Throws: ``S3ClientError`` with the code `oversized` beyond the limit, ``S3ResponseError`` with the code
    ///   `NoSuchKey` if there is no such object.
    public func getObject(
        _ bucket: BucketName,
        _ key: ObjectKey,
        range: ClosedRange<Int>? = nil,
        limit: Int = 16 * 1024 * 1024
    ) async throws -> (head: ObjectHead, body: [UInt8]) {
        try await perform(.getObject(bucket, key, range: range), sink: .collect(limit: limit)) { answer in
            (ObjectHead(head: answer.head), answer.body)
        }
    }

    /// Writes an object from memory.
    ///
    /// - Parameters:
    ///   - bucket: The bucket.
    ///   - key: The key.
    ///   - body: The content.
    ///   - headers: Fields that are kept with it: `content-type`, `x-amz-meta-*`, `cache-control` and so on.
    /// - Throws: ``S3ClientError`` with the code `configuration` if a header holds a line break or a zero byte.
    public func putObject(
        _ bucket: BucketName,
        _ key: ObjectKey,
        body: [UInt8],
        headers: [S3Request.Header] = []
    ) async throws {
        for header in headers where header.value.contains(where: { $0 == 0x0A || $0 == 0x0D || $0 == 0 }) {
            throw S3ClientError(
                code: .configuration,
                message: "the header '\(header.name)' holds a line break or a zero byte, and cannot be sent"
            )
        }
        let payload = body.isEmpty ? S3Request.Payload.none : .signed(body)
        try await perform(.putObject(bucket, key, payload: payload, headers: headers)) { _ in }
    }

    /// Deletes an object; that it was not there is no error.
    public func deleteObject(_ bucket: BucketName, _ key: ObjectKey) async throws {
        try await perform(.deleteObject(bucket, key)) { _ in }
    }

    /// Deletes objects, up to 1,000 a request; keys that XML cannot carry go one by one.
    ///
    /// - Returns: The keys that could not be deleted, with the reason; empty when all are gone.
    public func deleteObjects(_ bucket: BucketName, _ keys: [ObjectKey]) async throws -> [DeleteFailure] {
        var failures: [DeleteFailure] = []
        let batchable = keys.filter(XMLWriter.canCarry)
        for start in stride(from: 0, to: batchable.count, by: 1000) {
            let batch = Array(batchable[start..<min(start + 1000, batchable.count)])
            failures += try await perform(.deleteObjects(bucket, batch)) { try DeleteFailure.read($0.body) }
        }
        for key in keys where !XMLWriter.canCarry(key) {
            do {
                try await deleteObject(bucket, key)
            } catch let error as S3ResponseError {
                failures.append(DeleteFailure(key: key, code: error.code, message: error.message))
            }
        }
        return failures
    }
}
