/// One request to S3 before it is addressed, signed and written: what to do, to which bucket and key, and how.
///
/// ``RequestEncoder`` turns it into bytes.
public struct S3Request: Sendable {
    /// The verb of the request line.
    public enum Method: String, Sendable {
        case get = "GET"
        case head = "HEAD"
        case put = "PUT"
        case post = "POST"
        case delete = "DELETE"
    }

    /// One `name=value` of the query; neither is encoded yet.
    ///
    /// A sub-resource such as `location` has an empty value.
    public struct QueryItem: Sendable, Hashable {
        /// The name as the API reference writes it.
        public var name: String
        /// The value's raw bytes.
        public var value: ArraySlice<UInt8>

        /// Creates an item from raw bytes.
        public init(_ name: String, _ value: ArraySlice<UInt8> = []) {
            self.name = name
            self.value = value
        }

        /// Creates an item from a text.
        public init(_ name: String, _ value: String) {
            self.init(name, Array(value.utf8)[...])
        }
    }

    /// One header field; the name is in lower case, as it is signed and sent.
    public struct Header: Sendable, Hashable {
        /// The name in lower case.
        public var name: String
        /// The value's bytes as they are sent; without line breaks.
        public var value: [UInt8]

        /// Creates a field from raw bytes.
        public init(_ name: String, _ value: [UInt8]) {
            self.name = name
            self.value = value
        }

        /// Creates a field from a text.
        public init(_ name: String, _ value: String) {
            self.init(name, Array(value.utf8))
        }
    }

    /// What follows the head, and how it enters the signature.
    public enum Payload: Sendable, Hashable {
        /// Nothing follows.
        case none
        /// The bytes follow and their SHA-256 is signed.
        case signed([UInt8])
        /// The bytes follow unhashed (`UNSIGNED-PAYLOAD`): cheaper, and safe only where TLS protects them.
        case unsigned([UInt8])

        /// The bytes that follow the head.
        public var bytes: [UInt8] {
            switch self {
            case .none: []
            case .signed(let bytes), .unsigned(let bytes): bytes
            }
        }
    }

    /// The operation that the request stands for.
    public var operation: S3Operation
    /// The verb.
    public var method: Method
    /// The bucket; `nil` for a request to the service itself.
    public var bucket: BucketName?
    /// The key; `nil` for a request to the bucket.
    public var key: ObjectKey?
    /// The query, in any order: it is sorted as it is written.
    public var query: [QueryItem]
    /// Fields beside those that every request has (host, date, payload hash, token, length), each signed.
    public var headers: [Header]
    /// What follows the head.
    public var payload: Payload

    /// Creates a request from its parts.
    public init(
        _ operation: S3Operation,
        method: Method,
        bucket: BucketName? = nil,
        key: ObjectKey? = nil,
        query: [QueryItem] = [],
        headers: [Header] = [],
        payload: Payload = .none
    ) {
        self.operation = operation
        self.method = method
        self.bucket = bucket
        self.key = key
        self.query = query
        self.headers = headers
        self.payload = payload
    }
}
