/// An operation of the S3 API, by its name in the API reference; reports count requests by it.
public enum S3Operation: String, Sendable, Hashable, CaseIterable {
    case listBuckets = "ListBuckets"
    case createBucket = "CreateBucket"
    case headBucket = "HeadBucket"
    case getBucketLocation = "GetBucketLocation"
    case listObjectsV2 = "ListObjectsV2"
    case copyObject = "CopyObject"
    case headObject = "HeadObject"
    case getObject = "GetObject"
    case putObject = "PutObject"
    case deleteObject = "DeleteObject"
    case deleteObjects = "DeleteObjects"
}
