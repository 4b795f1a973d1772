/// What S3 answers to a successful copy.
public struct CopyResult: Sendable, Hashable {
    /// The copy's ETag without its quotes.
    public var etag: [UInt8]

    /// Reads the body of an answer whose status was 200.
    ///
    /// A 200 alone says nothing: S3 sends it before it has copied, and reports what failed later in the body (API
    /// reference, CopyObject). So only a complete document with the right root counts.
    ///
    /// - Throws: ``S3ResponseError`` for an error in the body, ``MalformedXML`` for anything else.
    public init(head: ResponseHead, body: [UInt8]) throws {
        let document = try S3Document(body)
        guard document.isRooted("CopyObjectResult") else {
            if document.isRooted("Error"),
                let error = S3ResponseError(operation: .copyObject, head: head, body: body)
            {
                throw error
            }
            throw MalformedXML(reason: "its root is '\(document.root)', not 'CopyObjectResult'")
        }
        guard let etag = document.first("ETag") else { throw MalformedXML(reason: "the copy has no ETag") }
        self.etag = Array(unquoted(etag))
    }
}
