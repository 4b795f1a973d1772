import NIOHTTP1

/// A request that was let in, with its body.
struct Call {
    let head: RequestHead
    let query: QueryParameters
    /// Empty where the operation is on no bucket.
    let bucketName: String
    /// Empty where the operation is on no object.
    let key: ObjectKey
    /// To the second, as S3 keeps modification times.
    let now: Timestamp
    let requestID: String
    let received: IncomingBody.Received?

    init(
        _ head: RequestHead,
        target: RequestTarget,
        now: Timestamp,
        requestID: String,
        received: IncomingBody.Received?
    ) {
        self.head = head
        query = target.query
        bucketName = target.bucket ?? ""
        key = target.key ?? ObjectKey([])
        self.now = Timestamp(milliseconds: now.seconds * 1000)
        self.requestID = requestID
        self.received = received
    }

    /// The body of an operation that takes a document.
    var document: [UInt8] {
        guard case .memory(let slices)? = received?.body else { return [] }
        return slices.flatMap { $0 }
    }

    /// A header's value, or `nil`.
    func header(_ name: String) -> String? { head.headers.first(name: name) }
}
