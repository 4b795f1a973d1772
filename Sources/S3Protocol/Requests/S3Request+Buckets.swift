extension S3Request {
    /// Lists the buckets that the credentials own.
    public static func listBuckets() -> S3Request {
        S3Request(.listBuckets, method: .get)
    }

    /// Makes a bucket.
    ///
    /// - Parameters:
    ///   - bucket: Its name.
    ///   - region: The region to make it in, sent as its location constraint unless it is `us-east-1`, which S3 takes
    ///     only unsaid (API reference, CreateBucket).
    /// - Returns: The request; a successful answer to it has no body.
    public static func createBucket(_ bucket: BucketName, region: String) -> S3Request {
        guard region != "us-east-1" else { return S3Request(.createBucket, method: .put, bucket: bucket) }
        var document = XMLWriter()
        document.element("CreateBucketConfiguration", namespace: XMLWriter.s3Namespace) {
            $0.element("LocationConstraint", text: region.utf8)
        }
        return S3Request(.createBucket, method: .put, bucket: bucket, payload: .signed(document.bytes))
    }

    /// Asks whether a bucket exists and may be used; the answer has no body.
    public static func headBucket(_ bucket: BucketName) -> S3Request {
        S3Request(.headBucket, method: .head, bucket: bucket)
    }

    /// Asks for the region of a bucket.
    public static func getBucketLocation(_ bucket: BucketName) -> S3Request {
        S3Request(.getBucketLocation, method: .get, bucket: bucket, query: [QueryItem("location")])
    }

    /// Lists one page of a bucket's keys in the order of their bytes.
    ///
    /// The answer's keys are asked for URL-encoded: that alone can carry every key, since XML 1.0 has no form for some
    /// characters.
    ///
    /// - Parameters:
    ///   - bucket: The bucket.
    ///   - prefix: The bytes that every key listed begins with; empty for all keys.
    ///   - startAfter: List only keys above this one, exclusive; S3 ignores it beside a continuation token.
    ///   - continuationToken: The token of the page before, opaque.
    ///   - delimiter: Keys that share what stands up to its first occurrence after the prefix are rolled up into one
    ///     common prefix.
    ///   - maximumKeys: Keys and common prefixes of a page, at most; 1 to 1,000.
    /// - Returns: The request, whose answer ``ListPageReader`` reads.
    public static func listObjectsV2(
        _ bucket: BucketName,
        prefix: [UInt8] = [],
        startAfter: ObjectKey? = nil,
        continuationToken: [UInt8]? = nil,
        delimiter: [UInt8] = [],
        maximumKeys: Int = 1000
    ) -> S3Request {
        var query = [QueryItem("list-type", "2"), QueryItem("encoding-type", "url")]
        if !prefix.isEmpty { query.append(QueryItem("prefix", prefix[...])) }
        if let startAfter { query.append(QueryItem("start-after", startAfter.bytes)) }
        if let continuationToken { query.append(QueryItem("continuation-token", continuationToken[...])) }
        if !delimiter.isEmpty { query.append(QueryItem("delimiter", delimiter[...])) }
        if maximumKeys != 1000 { query.append(QueryItem("max-keys", String(maximumKeys))) }
        return S3Request(.listObjectsV2, method: .get, bucket: bucket, query: query)
    }
}
