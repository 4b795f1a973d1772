/// An object as the server holds it, for a program that looks without HTTP.
public struct StoredObject: Sendable, Hashable {
    /// 1 to 1024 bytes of UTF-8.
    public var key: [UInt8]
    /// In bytes.
    public var size: Int
    /// Without quotation marks.
    public var etag: String
    /// User metadata by lower-case names, without `x-amz-meta-`.
    public var metadata: [String: String]
    /// The media type.
    public var contentType: String

    /// Creates a description.
    public init(key: [UInt8], size: Int, etag: String, metadata: [String: String], contentType: String) {
        self.key = key
        self.size = size
        self.etag = etag
        self.metadata = metadata
        self.contentType = contentType
    }
}
