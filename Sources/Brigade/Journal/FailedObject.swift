public import S3Protocol

/// An object that could not be copied, as the journal keeps it until it was.
public struct FailedObject: Sendable, Hashable {
    /// Its key at the source.
    public var key: ObjectKey
    /// Its size in bytes when it was listed.
    public var size: Int
    /// S3's error code, or one of the client's own.
    public var code: String
    /// The whole story, for people.
    public var message: String
    /// The runs in which it was tried and failed, at least 1; each tries an object several times where that may help.
    public var attempts: Int
}
