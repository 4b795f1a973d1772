internal import S3Protocol

/// Puts one connection's answers together from the pieces that arrive: the parser, and where each body goes.
struct AnswerReader {
    /// The most that is kept of an answer that is no success; error documents have a few hundred bytes.
    private static let largestErrorBody = 64 * 1024
    /// The most that is read of one, for the connection to be used again: a proxy's page of regrets may be long.
    private static let longestErrorBody = 1024 * 1024
    /// How much of a page's document is kept while it is read, for a message should it break off or be wrong.
    private static let pageGlimpse = 256

    private var parser = ResponseParser()
    private var sink = ResponseSink.document
    private var body: [UInt8] = []
    private var page: ListPageReader?
    private var pageError: MalformedXML?
    /// Whether what comes is, or was, the document of a page.
    private var isPage = false
    /// The bytes that came behind the place where a page turned out to be none, or behind what is kept of an error.
    private var bytesPassedOver = 0
    /// Whether bytes came behind the end of the last answer.
    private(set) var sawExcess = false

    /// Whether the connection can carry another request after this answer.
    var keepsAlive: Bool { parser.keepsAlive && !sawExcess }

    /// A request was sent; its answer is read next.
    mutating func expect(isHead: Bool, sink: ResponseSink) {
        parser.expectResponse(toHead: isHead)
        self.sink = sink
        body = []
        page = nil
        pageError = nil
        isPage = false
        bytesPassedOver = 0
    }

    /// Reads a piece.
    ///
    /// Bytes behind the end of an answer, such as the body that some servers send after a HEAD's, do not make the answer
    /// wrong; but what they belong to nobody knows, and so the connection is not to be used again.
    ///
    /// - Returns: The answer, if this piece completed it.
    /// - Throws: `MalformedHTTP`, or an ``S3ClientError`` with the code `oversized`.
    mutating func read(_ bytes: Span<UInt8>) throws -> HTTPAnswer? {
        var offset = 0
        while true {
            switch try parser.next(in: bytes, at: &offset) {
            case .needsMore: return nil
            case .head:
                if case .listPage = sink, parser.head.status == 200 { page = ListPageReader() }
            case .body(let range): try take(bytes.extracting(range))
            case .end:
                let answer = finish()
                sawExcess = offset < bytes.count
                return answer
            }
        }
    }

    /// The peer closed the connection.
    ///
    /// - Returns: The answer, if its length was told by nothing but its end.
    mutating func connectionClosed() -> HTTPAnswer? {
        parser.connectionClosed() ? finish() : nil
    }

    private mutating func take(_ piece: Span<UInt8>) throws(S3ClientError) {
        if case .listPage = sink, parser.head.status == 200 {
            try take(pageOrError: piece)
            return
        }
        guard (200...299).contains(parser.head.status) else {
            try take(error: piece)
            return
        }
        let limit: Int
        if case .collect(let bound) = sink { limit = bound } else { limit = Self.largestErrorBody }
        guard body.count + piece.count <= limit else { throw oversized(limit) }
        keep(piece)
    }

    /// Reads a piece of an answer that its status says enough of.
    private mutating func take(error piece: Span<UInt8>) throws(S3ClientError) {
        let kept = min(Self.largestErrorBody - body.count, piece.count)
        keep(piece.extracting(first: kept))
        bytesPassedOver += piece.count - kept
        guard body.count + bytesPassedOver <= Self.longestErrorBody else { throw oversized(Self.longestErrorBody) }
    }

    /// Reads a piece of what should be a page.
    ///
    /// Until its root tells that it is one, what came is kept: it may be an error document, or something that a message
    /// can show. After that the page alone takes memory, of which every connection of a listing has its own. What is
    /// wrong is told at the end of the answer, as long as that comes before the length of the longest page.
    private mutating func take(pageOrError piece: Span<UInt8>) throws(S3ClientError) {
        if pageError != nil {
            bytesPassedOver += piece.count
            guard bytesPassedOver <= ListPageReader.largestPage else { throw oversized(ListPageReader.largestPage) }
        }
        do throws(MalformedXML) {
            try page?.read(piece)
        } catch {
            pageError = error
        }
        if let hasBegun = page?.hasBegun { isPage = hasBegun }
        let room = (isPage ? Self.pageGlimpse : Self.largestErrorBody) - body.count
        if pageError == nil, !isPage, room < piece.count {
            pageError = MalformedXML(reason: "its first \(Self.largestErrorBody) bytes have no element")
        }
        if pageError != nil { page = nil }
        if room > 0 { keep(piece.extracting(first: min(room, piece.count))) }
    }

    private mutating func keep(_ piece: Span<UInt8>) {
        piece.withUnsafeBufferPointer { body.append(contentsOf: $0) }
    }

    private func oversized(_ limit: Int) -> S3ClientError {
        S3ClientError(
            code: .oversized,
            message: "the answer (HTTP \(parser.head.status)) is larger than the \(limit) bytes allowed for it",
            // A service in trouble may be in less of it the next time.
            isRetryable: (500...599).contains(parser.head.status)
        )
    }

    private mutating func finish() -> HTTPAnswer {
        var answer = HTTPAnswer(head: parser.head, body: body, page: nil, pageError: pageError)
        guard let reader = page else { return answer }
        page = nil
        do throws(MalformedXML) {
            answer.page = try reader.finish()
            answer.body = []
        } catch {
            answer.pageError = error
        }
        return answer
    }
}
