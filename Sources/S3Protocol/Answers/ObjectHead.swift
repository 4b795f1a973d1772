/// What S3 tells of an object without its content: the answer of HeadObject, and the head of GetObject.
public struct ObjectHead: Sendable {
    /// The answer's head, for what has no property here.
    public let head: ResponseHead

    /// Takes an answer's head.
    public init(head: ResponseHead) {
        self.head = head
    }

    /// The object's size in bytes (for a range: the range's); `nil` if the server did not say.
    public var size: Int? { head.first("content-length").flatMap { parseDecimal($0.span) } }

    /// The ETag without its quotes.
    public var etag: [UInt8]? { head.first("etag").map { Array(unquoted($0)) } }

    /// Whether the ETag is no digest of the content, since the object is encrypted with SSE-KMS, DSSE-KMS or SSE-C (API
    /// reference, "Object").
    public var hasOpaqueETag: Bool { head.hasOpaqueETag }

    /// The fields that S3 keeps with an object and that a PUT can set: the content's description and the metadata.
    ///
    /// Tags, ACL, encryption and locks are not among them. Source: API reference, PutObject.
    public var storedHeaders: [S3Request.Header] {
        head.fields.compactMap { name, value in
            let name = name.lowercased()
            let isKept =
                name.hasPrefix("x-amz-meta-")
                || [
                    "content-type", "cache-control", "content-disposition", "content-encoding", "content-language",
                    "expires", "x-amz-website-redirect-location",
                ].contains(name)
            return isKept ? S3Request.Header(name, Array(value)) : nil
        }
    }
}

extension ResponseHead {
    /// Whether the object that the answer is about is encrypted so that its ETag is no digest of its content.
    var hasOpaqueETag: Bool {
        if first("x-amz-server-side-encryption-customer-algorithm") != nil { return true }
        return first("x-amz-server-side-encryption")?.starts(with: "aws:kms".utf8) == true
    }
}
