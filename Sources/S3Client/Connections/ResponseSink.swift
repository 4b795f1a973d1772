/// Where the body of a successful answer goes; the body of any other is collected, to be read as an error.
enum ResponseSink: Sendable {
    /// It is collected whole, up to this many bytes.
    case collect(limit: Int)
    /// It is read as a page of a listing while it arrives.
    case listPage

    /// The most that is collected of an answer that is small by its nature.
    static let document = ResponseSink.collect(limit: 1024 * 1024)
}
