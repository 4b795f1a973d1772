/// What S3 answers to a successful copy.
public struct CopyResult: Sendable, Hashable {
    /// The copy's ETag without its quotes.
    public var etag: [UInt8]
    private var head: ResponseHead

    /// Whether the copy's ETag says nothing of its content; see ``ObjectHead/hasOpaqueETag``.
    public var hasOpaqueETag: Bool { head.hasOpaqueETag }

    /// Reads the body of an answer whose status was 200.
    ///
    /// A 200 alone says nothing: S3 sends it before it has copied, and reports what failed later in the body (API
    /// reference, CopyObject). So only a complete document with the right root counts.
    ///
    /// - Throws: ``S3ResponseError`` for an error in the body, ``MalformedXML`` for anything else.
    public init(head: ResponseHead, body: [UInt8]) throws {
        var events = Events()
        var tokenizer = XMLTokenizer()
        try tokenizer.read(body.span, into: &events)
        guard tokenizer.isComplete else {
            throw MalformedXML(reason: tokenizer.hasRoot ? "it ends before its end" : "it is empty")
        }
        guard events.isCopyResult else {
            if let error = S3ResponseError(operation: .copyObject, head: head, body: body) { throw error }
            throw MalformedXML(reason: "its root is not 'CopyObjectResult'")
        }
        guard let etag = events.etag, !unquoted(etag[...]).isEmpty else {
            throw MalformedXML(reason: "the copy has no ETag")
        }
        self.etag = Array(unquoted(etag[...]))
        self.head = head
    }

    /// Looks for the one field that is wanted; there is such a document for every object copied.
    private struct Events: XMLEvents {
        private(set) var isCopyResult = false
        private(set) var etag: [UInt8]?
        private var depth = 0
        private var isInETag = false

        mutating func startElement(_ name: Span<UInt8>) {
            depth += 1
            if depth == 1 { isCopyResult = name.equals("CopyObjectResult") }
            isInETag = depth == 2 && name.equals("ETag")
            if isInETag { etag = [] }
        }

        mutating func text(_ piece: Span<UInt8>) {
            if isInETag { etag?.append(piece) }
        }

        mutating func endElement() {
            depth -= 1
            isInETag = false
        }
    }
}
