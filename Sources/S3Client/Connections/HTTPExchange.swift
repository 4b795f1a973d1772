import S3Protocol

/// A request as a connection sends it.
struct HTTPRequest {
    /// Head and payload.
    var bytes: [UInt8]
    /// Whether it is a HEAD, whose answer has no body.
    var isHead: Bool
    /// What to do with the body of a successful answer.
    var sink: ResponseSink
    /// How long the connection may stay silent before it is given up.
    var silenceAllowed: Duration
}

/// Where the body of a successful answer goes; the body of any other is collected, to be read as an error.
enum ResponseSink: Sendable {
    /// It is collected whole, up to this many bytes.
    case collect(limit: Int)
    /// It is read as a page of a listing while it arrives.
    case listPage

    /// The most that is collected of an answer that is small by its nature.
    static let document = ResponseSink.collect(limit: 1024 * 1024)
}

/// A complete answer.
struct HTTPAnswer: Sendable {
    var head: ResponseHead
    /// What was collected; empty where the body went into `page`.
    var body: [UInt8]
    /// The page, where one was asked for and the status was 200.
    var page: ListPage?

    var isSuccess: Bool { (200...299).contains(head.status) }
}
