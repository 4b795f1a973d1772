internal import S3Client
internal import S3Protocol

extension S3Client {
    /// Looks whether a bucket's listing has a key, with one small request as a rule.
    ///
    /// A key comes before all others that begin with it, whether a server lists by bytes or folder by folder. Pages that
    /// hold no key though more follow are passed over; they say nothing of what is there.
    ///
    /// - Returns: The object, as the first of a page; `nil` if it is not listed.
    /// - Throws: ``S3ResponseError`` or ``S3ClientError``.
    func listed(_ key: ObjectKey, in bucket: BucketName) async throws -> Slice<ListPage>? {
        var walk = SerialLister { [self] in
            try await listObjects(
                bucket,
                prefix: Array(key.bytes),
                startAfter: $0,
                continuationToken: $1,
                maximumKeys: 1
            )
        }
        guard let page = try await walk.nextWithKeys(), page.first?.key == key else { return nil }
        return page[..<1]
    }
}
