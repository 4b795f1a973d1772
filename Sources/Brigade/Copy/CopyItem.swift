internal import S3Protocol

/// One object to be copied.
struct CopyItem: Sendable {
    let object: ListedObject
    /// The batch that it came with.
    let batch: Int
    /// Its place there, from 0.
    let index: Int
}
