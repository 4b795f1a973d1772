import S3Protocol

/// A complete answer.
struct HTTPAnswer: Sendable {
    var head: ResponseHead
    /// What was collected; empty where the body went into `page`.
    var body: [UInt8]
    /// The page, where one was asked for and the status was 200.
    var page: ListPage?

    var isSuccess: Bool { (200...299).contains(head.status) }
}
