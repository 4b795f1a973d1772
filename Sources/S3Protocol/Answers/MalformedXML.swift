/// A document that is not XML, not complete, or not the one that was asked for.
public struct MalformedXML: Error, Sendable, Hashable, CustomStringConvertible {
    /// What is wrong, as a sentence's second half.
    public let reason: String
    /// Whether the document is whole nonetheless, and lacks what every answer of this kind has: its sender writes it so,
    /// and would write it so again.
    public let isWhole: Bool

    /// Creates an error.
    ///
    /// - Parameters:
    ///   - reason: What is wrong, to follow "the answer is not the XML that S3 writes:".
    ///   - isWhole: Whether the document came whole, so that there is no sense in asking again; by default it may have
    ///     been damaged on its way.
    public init(reason: String, isWhole: Bool = false) {
        self.reason = reason
        self.isWhole = isWhole
    }

    /// The reason as a sentence.
    public var description: String { "the answer is not the XML that S3 writes: \(reason)" }
}
