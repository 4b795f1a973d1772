/// A document that is not XML, not complete, or not the one that was asked for.
public struct MalformedXML: Error, Sendable, Hashable, CustomStringConvertible {
    /// What is wrong, as a sentence's second half.
    public let reason: String

    /// Creates an error with a reason that follows "the answer is not the XML that S3 writes:".
    public init(reason: String) {
        self.reason = reason
    }

    /// The reason as a sentence.
    public var description: String { "the answer is not the XML that S3 writes: \(reason)" }
}
