extension Operation {
    /// Headers that every operation takes.
    ///
    /// Of the owner and the payer there is only one, so that those hold as they are.
    static let commonHeaders: Set<String> = [
        "x-amz-content-sha256", "x-amz-date", "x-amz-security-token", "x-amz-user-agent", "x-amz-te",
        "x-amz-decoded-content-length", "x-amz-trailer", "x-amz-sdk-checksum-algorithm", "x-amz-checksum-mode",
        "x-amz-expected-bucket-owner", "x-amz-source-expected-bucket-owner", "x-amz-request-payer",
        "x-amz-optional-object-attributes",
    ]

    private static let listingParameters: Set<String> = [
        "list-type", "prefix", "delimiter", "max-keys", "encoding-type", "start-after", "continuation-token",
        "fetch-owner",
    ]
    private static let listingV1Parameters: Set<String> = [
        "list-type", "prefix", "delimiter", "max-keys", "encoding-type", "marker",
    ]
    private static let uploadsParameters: Set<String> = [
        "uploads", "prefix", "delimiter", "max-uploads", "encoding-type", "key-marker", "upload-id-marker",
    ]
    private static let readParameters: Set<String> = [
        "versionId", "partNumber", "response-content-type", "response-content-language", "response-expires",
        "response-cache-control", "response-content-disposition", "response-content-encoding",
    ]
    private static let partsParameters: Set<String> = ["uploadId", "max-parts", "part-number-marker"]
    private static let createHeaders: Set<String> = ["x-amz-storage-class", "x-amz-tagging"]
    private static let copySourceHeaders: Set<String> = [
        "x-amz-copy-source", "x-amz-copy-source-if-match", "x-amz-copy-source-if-none-match",
        "x-amz-copy-source-if-modified-since", "x-amz-copy-source-if-unmodified-since",
    ]
    private static let copyHeaders: Set<String> = createHeaders.union(copySourceHeaders).union([
        "x-amz-metadata-directive", "x-amz-tagging-directive", "x-amz-checksum-algorithm",
    ])
    private static let partCopyHeaders: Set<String> = copySourceHeaders.union(["x-amz-copy-source-range"])
    private static let createUploadHeaders: Set<String> = createHeaders.union([
        "x-amz-checksum-algorithm", "x-amz-checksum-type",
    ])

    /// The parameters of its query that the operation honours.
    var parameters: Set<String> {
        switch self {
        case .listBuckets, .createBucket, .headBucket, .deleteBucket, .putObject, .copyObject: []
        case .getBucketLocation: ["location"]
        case .listObjectsV2: Self.listingParameters
        case .listObjects: Self.listingV1Parameters
        case .listMultipartUploads: Self.uploadsParameters
        case .deleteObjects: ["delete"]
        case .getObject, .headObject: Self.readParameters
        case .deleteObject: ["versionId"]
        case .getObjectTagging, .putObjectTagging, .deleteObjectTagging: ["tagging", "versionId"]
        case .createMultipartUpload: ["uploads"]
        case .uploadPart, .uploadPartCopy: ["partNumber", "uploadId"]
        case .completeMultipartUpload, .abortMultipartUpload: ["uploadId"]
        case .listParts: Self.partsParameters
        }
    }

    /// The `x-amz-` headers that the operation honours beside the common ones.
    var headers: Set<String> {
        switch self {
        case .putObject: Self.createHeaders
        case .copyObject: Self.copyHeaders
        case .uploadPartCopy: Self.partCopyHeaders
        case .createMultipartUpload: Self.createUploadHeaders
        case .completeMultipartUpload: ["x-amz-checksum-type", "x-amz-mp-object-size"]
        default: []
        }
    }
}
