/// Why the embedded server could not start, or could not do what a program asked of it directly.
///
/// What the server answers to a request over HTTP is S3's own error document instead, and never this.
public struct LocalS3Error: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kind of failure.
    public struct Code: Sendable, Hashable, CustomStringConvertible {
        private enum Kind: String {
            case configuration, bind, tls, foreignFolder, damagedFile, folderInUse, storage
            case noSuchBucket, bucketExists, invalidBucketName, invalidKey, tooLarge
        }

        private var kind: Kind

        /// A setting is out of its bounds, or contradicts another.
        public static let configuration = Code(kind: .configuration)
        /// The address could not be listened on.
        public static let bind = Code(kind: .bind)
        /// The certificate chain or the private key could not be used.
        public static let tls = Code(kind: .tls)
        /// The folder holds something that this server did not put there.
        public static let foreignFolder = Code(kind: .foreignFolder)
        /// A file of the folder is not what the server wrote.
        public static let damagedFile = Code(kind: .damagedFile)
        /// Another server has the folder open.
        public static let folderInUse = Code(kind: .folderInUse)
        /// A file or folder could not be read or written.
        public static let storage = Code(kind: .storage)
        /// There is no bucket of that name.
        public static let noSuchBucket = Code(kind: .noSuchBucket)
        /// There is a bucket of that name already.
        public static let bucketExists = Code(kind: .bucketExists)
        /// The name is not one that S3 allows for a bucket.
        public static let invalidBucketName = Code(kind: .invalidBucketName)
        /// The key is not 1 to 1024 bytes of UTF-8.
        public static let invalidKey = Code(kind: .invalidKey)
        /// The body is larger than the storage takes.
        public static let tooLarge = Code(kind: .tooLarge)

        /// The code's name.
        public var description: String { kind.rawValue }
    }

    /// The kind of failure.
    public var code: Code
    /// What failed, why, and what can be done about it; never holds a secret.
    public var message: String

    /// Creates an error.
    public init(code: Code, message: String) {
        self.code = code
        self.message = message
    }

    /// The message.
    public var description: String { message }
}
