internal import S3Protocol

/// Puts one connection's answers together from the pieces that arrive: the parser, and where each body goes.
struct AnswerReader {
    /// The most that is collected of an answer that is no success; error documents have a few hundred bytes.
    private static let largestErrorBody = 64 * 1024

    private var parser = ResponseParser()
    private var sink = ResponseSink.document
    private var body: [UInt8] = []
    private var page: ListPageReader?
    private var sawExcess = false

    /// Whether the connection can carry another request after this answer.
    var keepsAlive: Bool { parser.keepsAlive && !sawExcess }

    /// A request was sent; its answer is read next.
    mutating func expect(isHead: Bool, sink: ResponseSink) {
        parser.expectResponse(toHead: isHead)
        self.sink = sink
        body = []
        page = nil
    }

    /// Reads a piece.
    ///
    /// Bytes behind the end of an answer, such as the body that some servers send after a HEAD's, do not make the answer
    /// wrong; but what they belong to nobody knows, and so the connection is not to be used again.
    ///
    /// - Returns: The answer, if this piece completed it.
    /// - Throws: `MalformedHTTP`, `MalformedXML` or an ``S3ClientError`` with the code `oversized`.
    mutating func read(_ bytes: Span<UInt8>) throws -> HTTPAnswer? {
        var offset = 0
        while true {
            switch try parser.next(in: bytes, at: &offset) {
            case .needsMore: return nil
            case .head:
                if case .listPage = sink, parser.head.status == 200 { page = ListPageReader() }
            case .body(let range): try take(bytes.extracting(range))
            case .end:
                let answer = try finish()
                sawExcess = offset < bytes.count
                return answer
            }
        }
    }

    /// The peer closed the connection.
    ///
    /// - Returns: The answer, if its length was told by nothing but its end.
    mutating func connectionClosed() throws -> HTTPAnswer? {
        parser.connectionClosed() ? try finish() : nil
    }

    private mutating func take(_ piece: Span<UInt8>) throws {
        guard page == nil else {
            try page?.read(piece)
            return
        }
        let isSuccess = (200...299).contains(parser.head.status)
        let limit: Int
        if isSuccess, case .collect(let bound) = sink { limit = bound } else { limit = Self.largestErrorBody }
        guard body.count + piece.count <= limit else {
            throw S3ClientError(
                code: .oversized,
                message: "the answer (HTTP \(parser.head.status)) is larger than the \(limit) bytes allowed for it"
            )
        }
        piece.withUnsafeBufferPointer { body.append(contentsOf: $0) }
    }

    private mutating func finish() throws -> HTTPAnswer {
        let reader = page
        page = nil
        return HTTPAnswer(head: parser.head, body: body, page: try reader?.finish())
    }
}
