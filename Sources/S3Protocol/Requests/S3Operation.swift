/// An operation of the S3 API; reports count requests by it.
public enum S3Operation: Int, Sendable, Hashable, CaseIterable, CustomStringConvertible {
    case listBuckets
    case createBucket
    case headBucket
    case getBucketLocation
    case listObjectsV2
    case copyObject
    case headObject
    case getObject
    case putObject
    case deleteObject
    case deleteObjects

    /// The operation's name in the API reference.
    public var description: String {
        switch self {
        case .listBuckets: "ListBuckets"
        case .createBucket: "CreateBucket"
        case .headBucket: "HeadBucket"
        case .getBucketLocation: "GetBucketLocation"
        case .listObjectsV2: "ListObjectsV2"
        case .copyObject: "CopyObject"
        case .headObject: "HeadObject"
        case .getObject: "GetObject"
        case .putObject: "PutObject"
        case .deleteObject: "DeleteObject"
        case .deleteObjects: "DeleteObjects"
        }
    }

    /// Whether the operation is on one object, so that what it does not find is the object.
    var isOnObject: Bool {
        switch self {
        case .copyObject, .headObject, .getObject, .putObject, .deleteObject: true
        case .listBuckets, .createBucket, .headBucket, .getBucketLocation, .listObjectsV2, .deleteObjects: false
        }
    }
}
