public import S3Protocol

/// A bucket and the bytes that the keys meant begin with, as `s3://bucket/prefix` writes it.
public struct ObjectLocation: Sendable, Hashable, CustomStringConvertible {
    /// The bucket.
    public var bucket: BucketName
    /// What the keys begin with, byte for byte; empty for the whole bucket.
    ///
    /// No `/` is added or taken away.
    public var prefix: [UInt8]

    /// Creates a location from its parts.
    public init(bucket: BucketName, prefix: [UInt8] = []) {
        self.bucket = bucket
        self.prefix = prefix
    }

    /// Reads `s3://bucket` or `s3://bucket/prefix`; the prefix is taken as it stands, with nothing decoded.
    ///
    /// - Throws: ``BrigadeError`` with the code `invalidJob`.
    public init(_ text: String) throws(BrigadeError) {
        guard text.hasPrefix("s3://") else {
            throw BrigadeError(
                code: .invalidJob,
                message: "'\(text)' is not a bucket's URL; write s3://BUCKET or s3://BUCKET/PREFIX"
            )
        }
        let rest = text.utf8.dropFirst("s3://".utf8.count)
        let name = rest.prefix { $0 != UInt8(ascii: "/") }
        do {
            bucket = try BucketName(String(decoding: name, as: UTF8.self))
        } catch {
            throw BrigadeError(code: .invalidJob, message: "\(error)")
        }
        prefix = Array(rest.dropFirst(name.count + 1))
        guard prefix.count <= ObjectKey.maximumLength else {
            throw BrigadeError(
                code: .invalidJob,
                message: "the prefix has \(prefix.count) bytes, and no key has more than \(ObjectKey.maximumLength)"
            )
        }
    }

    /// The location as a URL.
    public var description: String { "s3://\(bucket)/\(String(decoding: prefix, as: UTF8.self))" }
}
