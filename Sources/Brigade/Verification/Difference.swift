public import S3Protocol

/// One object in which two places differ.
public enum Difference: Sendable, Hashable {
    /// It is at the source, whose key this is, and not at the destination.
    case missing(ObjectKey, size: Int)
    /// It is at both places, with different sizes in bytes; the key is the source's.
    case size(ObjectKey, source: Int, destination: Int)
    /// It is at both places, with the same size and different ETags that tell of the content; the key is the source's.
    case etag(ObjectKey, size: Int)
    /// It is at the destination, whose key this is, and not at the source.
    case extra(ObjectKey, size: Int)
}
