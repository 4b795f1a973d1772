import NIOHTTP1

/// The operations of S3 that the server knows, by S3's names.
enum Operation: String, Sendable, CaseIterable {
    case listBuckets = "ListBuckets"
    case createBucket = "CreateBucket"
    case headBucket = "HeadBucket"
    case deleteBucket = "DeleteBucket"
    case getBucketLocation = "GetBucketLocation"
    case listObjects = "ListObjects"
    case listObjectsV2 = "ListObjectsV2"
    case listMultipartUploads = "ListMultipartUploads"
    case deleteObjects = "DeleteObjects"
    case putObject = "PutObject"
    case getObject = "GetObject"
    case headObject = "HeadObject"
    case deleteObject = "DeleteObject"
    case copyObject = "CopyObject"
    case getObjectTagging = "GetObjectTagging"
    case putObjectTagging = "PutObjectTagging"
    case deleteObjectTagging = "DeleteObjectTagging"
    case createMultipartUpload = "CreateMultipartUpload"
    case uploadPart = "UploadPart"
    case uploadPartCopy = "UploadPartCopy"
    case completeMultipartUpload = "CompleteMultipartUpload"
    case abortMultipartUpload = "AbortMultipartUpload"
    case listParts = "ListParts"

    /// What an operation does with the body of its request.
    enum BodyUse: Sendable {
        /// It has none.
        case none
        /// It is a document.
        case document
        /// It is an object's or a part's bytes.
        case content
    }

    var bodyUse: BodyUse {
        switch self {
        case .putObject, .uploadPart: .content
        case .createBucket, .deleteObjects, .putObjectTagging, .completeMultipartUpload: .document
        default: .none
        }
    }

    /// Whether S3 may report a failure after it has answered 200 (API reference, CopyObject and
    /// CompleteMultipartUpload).
    var mayFailInBody: Bool {
        switch self {
        case .copyObject, .uploadPartCopy, .completeMultipartUpload: true
        default: false
        }
    }

    /// Whether the answer is a page of keys.
    var isListing: Bool { self == .listObjects || self == .listObjectsV2 }

    /// Finds the operation that a request means.
    ///
    /// - Throws: `MethodNotAllowed`, or `NotImplemented` when the request has a parameter or an `x-amz-` header that
    ///   this server does not honour: nothing is passed over in silence.
    init(_ head: RequestHead, target: RequestTarget) throws(S3Error) {
        let query = target.query
        let isCopy = head.headers.contains(name: "x-amz-copy-source")
        let operation: Operation? =
            if target.bucket == nil {
                head.method == "GET" ? .listBuckets : nil
            } else if target.key == nil {
                switch head.method {
                case "GET" where query.contains("location"): .getBucketLocation
                case "GET" where query.contains("uploads"): .listMultipartUploads
                case "GET": query["list-type"] == "2" ? .listObjectsV2 : .listObjects
                case "HEAD": .headBucket
                case "PUT": .createBucket
                case "DELETE": .deleteBucket
                case "POST" where query.contains("delete"): .deleteObjects
                default: nil
                }
            } else {
                switch head.method {
                case "GET" where query.contains("tagging"): .getObjectTagging
                case "GET" where query.contains("uploadId"): .listParts
                case "GET": .getObject
                case "HEAD": .headObject
                case "PUT" where query.contains("tagging"): .putObjectTagging
                case "PUT" where query.contains("uploadId"): isCopy ? .uploadPartCopy : .uploadPart
                case "PUT": isCopy ? .copyObject : .putObject
                case "POST" where query.contains("uploads"): .createMultipartUpload
                case "POST" where query.contains("uploadId"): .completeMultipartUpload
                case "DELETE" where query.contains("tagging"): .deleteObjectTagging
                case "DELETE" where query.contains("uploadId"): .abortMultipartUpload
                case "DELETE": .deleteObject
                default: nil
                }
            }
        let known: Set<String> = operation?.parameters ?? []
        for (name, _) in query.pairs where !known.contains(name) && !Self.belongsToSignature(name) {
            throw .notImplemented(name)
        }
        guard let operation else { throw .methodNotAllowed(head.method) }
        if let version = query["versionId"], version != "null" { throw .noSuchVersion }
        for (name, value) in head.headers where name.hasASCIIPrefix("x-amz-") {
            try operation.checkHeader(name.lowercased(), value: value)
        }
        self = operation
    }

    /// `X-Amz-*` belongs to presigned URLs; with `x-id` some SDKs name the operation for their logs.
    private static func belongsToSignature(_ name: String) -> Bool {
        name.hasASCIIPrefix("x-amz-") || name == "x-id"
    }

    private func checkHeader(_ name: String, value: String) throws(S3Error) {
        if Self.commonHeaders.contains(name) || headers.contains(name) { return }
        if name.hasPrefix("x-amz-meta-") { return }
        if name.hasPrefix("x-amz-checksum-"), Checksum.Algorithm(headerName: name) != nil { return }
        if name == "x-amz-acl" || name.hasPrefix("x-amz-grant-") {
            if value == "private" || value == "bucket-owner-full-control" { return }
            throw .accessControlListNotSupported
        }
        throw .notImplemented(name)
    }
}
