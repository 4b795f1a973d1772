internal import S3Protocol

/// A complete answer.
struct HTTPAnswer: Sendable {
    var head: ResponseHead
    /// What was collected; empty where the body went into `page`.
    var body: [UInt8]
    /// The page, where one was asked for and came whole.
    var page: ListPage?
    /// Why what came under a status of 200 is no page; its beginning is in `body`.
    var pageError: MalformedXML?

    var isSuccess: Bool { (200...299).contains(head.status) }
}
