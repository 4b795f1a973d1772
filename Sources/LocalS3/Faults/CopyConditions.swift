/// What a server makes of the conditions that a copy sets on its source (`x-amz-copy-source-if-match` and its like).
public enum CopyConditions: String, Sendable, Hashable, CaseIterable {
    /// As S3: a source that does not meet them is answered with 412.
    case honoured
    /// As some servers: the copy is made all the same.
    case ignored
    /// As others: such a copy is answered with 501 NotImplemented.
    case refused
}
