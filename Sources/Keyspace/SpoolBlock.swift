/// A part of a listing that waits in a spool's storage for what comes before it.
///
/// It begins at its offset with a link, which is where the next block of its chain lies, and goes on with its content.
public struct SpoolBlock: Sendable, Hashable {
    /// The bytes that a link takes: offset and length of the next block, or zeros at the end of a chain.
    public static let linkLength = 16

    /// Where the block begins, in bytes from the start of the storage.
    public let offset: Int
    /// The bytes of its content, at least 1; the link is not counted.
    public let length: Int

    /// Creates a block, as a link or a test tells of it.
    public init(offset: Int, length: Int) {
        self.offset = offset
        self.length = length
    }

    /// Where the storage goes on behind the block.
    public var end: Int { offset + Self.linkLength + length }
}
