private import Crypto

extension S3Request {
    /// The largest object that one CopyObject takes: 5 GiB (API reference, CopyObject).
    public static let largestCopy = 5 * 1024 * 1024 * 1024

    /// Has S3 copy an object itself; tags, metadata and checksums come along by default.
    ///
    /// - Parameters:
    ///   - sourceBucket: The bucket to copy from, on the same endpoint.
    ///   - sourceKey: The key to copy from.
    ///   - bucket: The bucket to copy to.
    ///   - key: The key to copy to.
    ///   - sourceETag: Copy only if the source still has this ETag (without quotes), which ``canCarry(etag:)`` allows; else
    ///     S3 answers 412.
    /// - Returns: The request, whose answer ``CopyResult`` reads.
    public static func copyObject(
        from sourceBucket: BucketName,
        _ sourceKey: ObjectKey,
        to bucket: BucketName,
        _ key: ObjectKey,
        ifSourceMatches sourceETag: ArraySlice<UInt8>? = nil
    ) -> S3Request {
        var source = [UInt8]()
        source.reserveCapacity(sourceBucket.description.utf8.count + sourceKey.bytes.count + 16)
        source.append(UInt8(ascii: "/"))
        source.append(contentsOf: sourceBucket.description.utf8)
        source.append(UInt8(ascii: "/"))
        source.appendPercentEncoded(sourceKey.bytes, keepingSlashes: true)
        let sourceHeader = Header("x-amz-copy-source", source)
        let headers =
            if let sourceETag {
                [sourceHeader, Header("x-amz-copy-source-if-match", quoted(sourceETag))]
            } else {
                [sourceHeader]
            }
        return S3Request(.copyObject, method: .put, bucket: bucket, key: key, headers: headers)
    }

    /// Asks for an object's size, ETag, metadata and other fields; the answer has no body.
    public static func headObject(_ bucket: BucketName, _ key: ObjectKey) -> S3Request {
        S3Request(.headObject, method: .head, bucket: bucket, key: key)
    }

    /// Reads an object, or the bytes of `range` of it (both ends included, counted from 0).
    public static func getObject(_ bucket: BucketName, _ key: ObjectKey, range: ClosedRange<Int>? = nil) -> S3Request {
        var headers = [Header]()
        if let range { headers.append(Header("range", "bytes=\(range.lowerBound)-\(range.upperBound)")) }
        return S3Request(.getObject, method: .get, bucket: bucket, key: key, headers: headers)
    }

    /// Writes an object.
    ///
    /// - Parameters:
    ///   - bucket: The bucket.
    ///   - key: The key.
    ///   - payload: The object's content.
    ///   - headers: Fields that are kept with it: `content-type`, `x-amz-meta-*`, `cache-control` and so on.
    /// - Returns: The request; a successful answer to it has no body.
    public static func putObject(
        _ bucket: BucketName,
        _ key: ObjectKey,
        payload: Payload,
        headers: [Header] = []
    ) -> S3Request {
        S3Request(.putObject, method: .put, bucket: bucket, key: key, headers: headers, payload: payload)
    }

    /// Deletes an object; that it was not there is no error.
    public static func deleteObject(_ bucket: BucketName, _ key: ObjectKey) -> S3Request {
        S3Request(.deleteObject, method: .delete, bucket: bucket, key: key)
    }

    /// Deletes up to 1,000 objects with one request; only failures are answered (quiet mode).
    ///
    /// A key with a character that XML 1.0 cannot carry (below U+0020 but for tab and line breaks; U+FFFE and U+FFFF)
    /// has no place in this request's document and is to be deleted by itself; see ``XMLWriter/canCarry(_:)``.
    public static func deleteObjects(_ bucket: BucketName, _ keys: [ObjectKey]) -> S3Request {
        precondition((1...1000).contains(keys.count), "a batch has 1 to 1,000 keys")
        var document = XMLWriter()
        document.element("Delete", namespace: XMLWriter.s3Namespace) { delete in
            delete.element("Quiet", text: "true".utf8)
            for key in keys {
                delete.element("Object") { $0.element("Key", text: key.bytes) }
            }
        }
        // The API demands a digest of this body in a header; this one is understood by every server.
        var hash = [UInt8]()
        hash.appendBase64(Insecure.MD5.hash(data: document.bytes))
        return S3Request(
            .deleteObjects,
            method: .post,
            bucket: bucket,
            query: [QueryItem("delete")],
            headers: [Header("content-md5", hash), Header("content-type", "application/xml")],
            payload: .signed(document.bytes)
        )
    }

    /// Whether an ETag, without its quotes, can be sent in a condition: RFC 9110, section 8.8.3, allows every byte but
    /// quotes, blanks and controls.
    public static func canCarry(etag: ArraySlice<UInt8>) -> Bool {
        !etag.isEmpty && etag.allSatisfy { $0 > 0x20 && $0 != UInt8(ascii: "\"") && $0 != 0x7F }
    }

    /// An ETag with the quotes that conditions are sent with (RFC 9110, section 8.8.3).
    private static func quoted(_ etag: ArraySlice<UInt8>) -> [UInt8] {
        var value = [UInt8]()
        value.reserveCapacity(etag.count + 2)
        value.append(UInt8(ascii: "\""))
        value.append(contentsOf: etag)
        value.append(UInt8(ascii: "\""))
        return value
    }
}
