public import S3Protocol

extension S3Client {
    /// The names of the buckets that the credentials own.
    public func listBuckets() async throws -> [String] {
        try await perform(.listBuckets()) { answer in
            let document = try S3Document(answer.body)
            return document.rows(of: "Bucket", ["Name"]).compactMap { row in
                row[0].map { String(decoding: $0, as: UTF8.self) }
            }
        }
    }

    /// Makes a bucket in the client's region.
    public func createBucket(_ bucket: BucketName) async throws {
        try await perform(.createBucket(bucket, region: configuration.region)) { _ in }
    }

    /// Asks whether a bucket exists and may be used.
    ///
    /// - Throws: ``S3ResponseError`` with the code `NoSuchBucket` if there is none, `AccessDenied` if it may not be used.
    public func headBucket(_ bucket: BucketName) async throws {
        try await perform(.headBucket(bucket)) { _ in }
    }

    /// The region of a bucket; an empty location constraint is `us-east-1` (API reference, GetBucketLocation).
    public func bucketLocation(_ bucket: BucketName) async throws -> String {
        try await perform(.getBucketLocation(bucket)) { answer in
            let document = try S3Document(answer.body)
            guard let location = document.text("LocationConstraint") else { return "us-east-1" }
            return location == "EU" ? "eu-west-1" : location
        }
    }

    /// One page of a bucket's keys; see ``S3Request/listObjectsV2(_:prefix:startAfter:continuationToken:delimiter:maximumKeys:)``.
    ///
    /// A page is given only when its whole document arrived; anything less is a failure, and tried again.
    public func listObjects(
        _ bucket: BucketName,
        prefix: [UInt8] = [],
        startAfter: ObjectKey? = nil,
        continuationToken: [UInt8]? = nil,
        delimiter: [UInt8] = [],
        maximumKeys: Int = 1000
    ) async throws -> ListPage {
        let request = S3Request.listObjectsV2(
            bucket,
            prefix: prefix,
            startAfter: startAfter,
            continuationToken: continuationToken,
            delimiter: delimiter,
            maximumKeys: maximumKeys
        )
        return try await perform(request, sink: .listPage) { answer in
            if let page = answer.page { return page }
            // S3 can report a failure under a status of 200 here too.
            if !answer.body.isEmpty,
                let error = S3ResponseError(operation: .listObjectsV2, head: answer.head, body: answer.body)
            {
                throw error
            }
            throw answer.pageError ?? MalformedXML(reason: "it is empty")
        }
    }
}
