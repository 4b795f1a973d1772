/// Where a server is known to differ from S3.
///
/// Each difference is asserted, so that a change of the server is noticed.
struct ServerQuirks: Sendable {
    /// What becomes of a key when an object is put under it.
    enum KeyFate: Sendable, Equatable {
        /// The put fails with this code.
        case refused(String)
        /// The object is listed under another key.
        case renamed(String)
        /// The empty object is listed under its key, without the metadata that was put with it.
        case stripped
        /// The put succeeds, and the object is not listed.
        case vanished
    }

    /// What becomes of awkward keys, by name; the others stay as they are.
    var keys: [String: KeyFate] = [:]
    /// Whether a key that ends in `/` is listed and found, but its copy answered with NoSuchKey.
    var cannotCopyFolders = false
    /// Whether keys are listed folder by folder, as if `/` stood below every other byte.
    var listsByFolder = false
    /// Whether an object that is put into a missing bucket makes the bucket.
    var putMakesBucket = false
    /// What a copy to a missing bucket is refused with.
    var copyToMissingBucket = "NoSuchBucket"
    /// What an unsigned request is refused with.
    var unsigned = "AccessDenied"
    /// Whether the conditions of a copy are passed over.
    var ignoresCopyConditions = false
    /// Metadata that a copy has beside its source's.
    var addedToCopies: Set<String> = []

    static func of(_ server: TestedServer) -> ServerQuirks {
        switch server {
        case .memory, .folder, .tls: ServerQuirks()
        case .seaweedfs: seaweedfs
        case .moto: moto
        case .rclone: rclone
        }
    }

    /// A filer beneath keeps keys as paths, and every part as a file's name of at most 255 bytes; what ends in `/` is a
    /// folder of the filer's, which keeps no metadata.
    private static let seaweedfs = ServerQuirks(
        keys: [
            "backslash": .renamed("awkward/back/slash"),
            "double slash": .renamed("awkward/double/slash"),
            "leading slash": .renamed("awkward/leading slash"),
            "only a slash": .renamed(bucketName),
            "dot part": .refused("InvalidRequest"),
            "dot-dot part": .refused("InvalidRequest"),
            "dot at the end": .refused("InvalidRequest"),
            "part of 256 bytes": .refused("KeyTooLongError"),
            "1,024 bytes in one part": .refused("KeyTooLongError"),
            "folder": .stripped,
        ],
        cannotCopyFolders: true,
        listsByFolder: true,
        putMakesBucket: true,
        copyToMissingBucket: "InternalError"
    )

    /// Its web framework finds the operation by a regular expression whose dot does not match a newline, and answers
    /// with a web page when it finds none.
    private static let moto = ServerQuirks(keys: ["newline": .refused("notS3")], ignoresCopyConditions: true)

    /// It keeps objects as files.
    ///
    /// A name cannot be a file and a folder at once, and control characters are listed as the pictures that Unicode has
    /// of them once the folder was read anew, as it is after a refused put. The time of a copy's source is kept as
    /// metadata.
    private static let rclone = ServerQuirks(
        keys: [
            "tab": .renamed("awkward/a\u{2409}b"),
            "newline": .renamed("awkward/a\u{240A}b"),
            "carriage return": .renamed("awkward/a\u{240D}b"),
            "control character": .renamed("awkward/\u{2401}control"),
            "delete character": .renamed("awkward/\u{2421}delete"),
            "double slash": .refused("InvalidArgument"),
            "leading slash": .refused("InvalidArgument"),
            "only a slash": .refused("BucketAlreadyExists"),
            "dot part": .refused("InvalidArgument"),
            "dot-dot part": .refused("InvalidArgument"),
            "dot at the end": .refused("InvalidArgument"),
            "part of 256 bytes": .refused("InternalError"),
            "1,024 bytes in one part": .refused("InternalError"),
            "folder": .renamed("awkward/folder"),
            "file in the folder": .refused("InternalError"),
        ],
        unsigned: "UnsupportedAlgorithm",
        ignoresCopyConditions: true,
        addedToCopies: ["x-amz-meta-mtime"]
    )

    /// What stands for the bucket's own name, which is another in each run.
    static let bucketName = "(the bucket's name)"
}
