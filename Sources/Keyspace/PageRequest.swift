/// One page to ask for.
public struct PageRequest: Sendable, Hashable {
    /// The range that is being listed; a range keeps its number as it shrinks.
    public let rangeID: Int
    /// The exclusive key to list after: raw bytes, empty for the start.
    ///
    /// What the machine made itself is valid UTF-8;
    /// a key that the server listed is given back as it was.
    public let startAfter: [UInt8]
    /// The most keys to ask for.
    public let limit: Int

    /// Creates a request, as a test expects it.
    public init(rangeID: Int, startAfter: [UInt8], limit: Int) {
        self.rangeID = rangeID
        self.startAfter = startAfter
        self.limit = limit
    }
}
