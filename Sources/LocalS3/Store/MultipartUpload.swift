/// An upload in parts that is under way.
struct MultipartUpload: Sendable {
    /// A part that has arrived.
    struct Part: Sendable {
        var content: ObjectContent
        var lastModified: Timestamp
    }

    /// S3's bounds: part numbers, and the size of every part but the last.
    static let partNumbers = 1...10_000
    static let smallestPart = 5 << 20

    let id: String
    let key: ObjectKey
    let initiated: Timestamp
    let attributes: ObjectAttributes
    let tags: [ObjectTag]
    let storageClass: String
    let checksumAlgorithm: Checksum.Algorithm?
    let checksumKind: Checksum.Kind?
    var parts: [Int: Part] = [:]
}
