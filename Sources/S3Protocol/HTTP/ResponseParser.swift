/// Reads the answers of one HTTP/1.1 connection, one after the other, from bytes in pieces of any size (RFC 9112).
///
/// Call ``expectResponse(toHead:)`` for each request sent and ``next(in:at:)`` for each piece that arrives, until it
/// answers ``Step/needsMore``. Every length that a peer can choose has a bound.
public struct ResponseParser: Sendable {
    /// What was read.
    public enum Step: Sendable, Hashable {
        /// The piece is used up.
        case needsMore
        /// The head is there; see ``ResponseParser/head``.
        case head
        /// These bytes of the piece belong to the body.
        case body(Range<Int>)
        /// The answer is complete.
        case end
    }

    private enum State: Sendable {
        /// No request is waiting for an answer.
        case idle
        case statusLine
        case fields
        case lengthBody(remaining: Int)
        case chunkSize
        case chunkData(remaining: Int)
        case chunkEnd
        case trailers
        case bodyUntilClose
        /// The body has ended and the end has yet to be told.
        case ended
        /// What came cannot be understood; nothing after it can be either.
        case failed
    }

    private enum Framing: Sendable {
        case untilClose
        case length(Int)
        case chunked
    }

    /// The most that an answer's head may take; Amazon S3 keeps to 8 KiB.
    static let largestHead = 64 * 1024

    private var state = State.idle
    /// What a line began with in earlier pieces.
    private var line: [UInt8] = []
    private var headSize = 0
    private var answersHead = false
    private var framing = Framing.untilClose
    private var isVersion11 = true
    /// Whether a byte of the answer has arrived.
    private var hasBegun = false

    /// The head of the answer that is being read, valid from ``Step/head`` on.
    public private(set) var head = ResponseHead(status: 0)
    /// Whether the connection can carry another request after this answer.
    public private(set) var keepsAlive = true

    /// Creates a parser for a new connection.
    public init() {}

    /// Whether every request has its answer.
    public var isIdle: Bool {
        if case .idle = state { true } else { false }
    }

    /// A request was sent.
    ///
    /// - Parameter isHead: Whether it was a HEAD, whose answer has no body whatever its head says.
    public mutating func expectResponse(toHead isHead: Bool) {
        precondition(isIdle, "one request at a time")
        answersHead = isHead
        hasBegun = false
        headSize = 0
        state = .statusLine
    }

    /// Reads on.
    ///
    /// - Parameters:
    ///   - bytes: The piece that arrived.
    ///   - offset: How much of it is read; moved on.
    /// - Returns: What the bytes from `offset` on amount to, as far as one step goes.
    /// - Throws: ``MalformedHTTP`` if the peer does not speak HTTP/1.x; the connection is then of no use.
    public mutating func next(in bytes: Span<UInt8>, at offset: inout Int) throws(MalformedHTTP) -> Step {
        do throws(MalformedHTTP) {
            return try advance(in: bytes, at: &offset)
        } catch {
            state = .failed
            throw error
        }
    }

    /// The connection was closed by the peer.
    ///
    /// - Returns: Whether that is the rightful end of the answer being read, whose length nothing else told.
    public mutating func connectionClosed() -> Bool {
        guard case .bodyUntilClose = state else { return false }
        state = .idle
        return true
    }

    private mutating func advance(in bytes: Span<UInt8>, at offset: inout Int) throws(MalformedHTTP) -> Step {
        while true {
            switch state {
            case .idle:
                guard offset == bytes.count else { throw MalformedHTTP(.unexpectedBytes) }
                return .needsMore
            case .failed:
                throw MalformedHTTP(.unexpectedBytes)
            case .ended:
                state = .idle
                return .end
            case .lengthBody(let remaining), .chunkData(let remaining):
                guard offset < bytes.count else { return .needsMore }
                let start = offset
                offset += min(remaining, bytes.count - start)
                consumeBody(offset - start, of: remaining)
                return .body(start..<offset)
            case .bodyUntilClose:
                guard offset < bytes.count else { return .needsMore }
                defer { offset = bytes.count }
                return .body(offset..<bytes.count)
            case .statusLine, .fields, .chunkSize, .chunkEnd, .trailers:
                guard let isHead = try readLine(in: bytes, at: &offset) else { return .needsMore }
                if isHead { return .head }
            }
        }
    }

    private mutating func consumeBody(_ count: Int, of remaining: Int) {
        let rest = remaining - count
        if case .chunkData = state {
            state = rest == 0 ? .chunkEnd : .chunkData(remaining: rest)
        } else {
            state = rest == 0 ? .ended : .lengthBody(remaining: rest)
        }
    }

    /// Reads up to the next line feed; `nil` if the piece ends before it, else whether that was the last line of the head.
    private mutating func readLine(in bytes: Span<UInt8>, at offset: inout Int) throws(MalformedHTTP) -> Bool? {
        if offset < bytes.count, !hasBegun {
            hasBegun = true
            // TLS records begin with their type (20 to 23) and version 3: the other port was meant.
            if (0x14...0x17).contains(bytes[offset]) { throw MalformedHTTP(.speaksTLS) }
        }
        var end = offset
        while end < bytes.count, bytes[end] != UInt8(ascii: "\n") { end += 1 }
        let part = bytes.extracting(offset..<end)
        headSize += end - offset + 1
        offset = min(end + 1, bytes.count)
        guard headSize <= Self.largestHead else { throw MalformedHTTP(.headTooLarge) }
        guard end < bytes.count else {
            line.append(part)
            if case .statusLine = state, !line.starts(with: "HTTP/1.".utf8.prefix(line.count)) {
                throw MalformedHTTP(.notHTTP)
            }
            return nil
        }
        // Nearly every line comes in one piece, and is read where it is.
        if line.isEmpty { return try take(line: part) }
        line.append(part)
        let whole = line
        line.removeAll()
        return try take(line: whole.span)
    }

    /// Takes a line in, which may end in a carriage return; true if it was the last one of the head.
    private mutating func take(line: Span<UInt8>) throws(MalformedHTTP) -> Bool {
        let endsInReturn = !line.isEmpty && line[line.count - 1] == UInt8(ascii: "\r")
        let line = line.extracting(droppingLast: endsInReturn ? 1 : 0)
        switch state {
        case .statusLine:
            try readStatus(line)
            state = .fields
        case .fields where line.isEmpty:
            return finishHead()
        case .fields:
            try readField(line)
        case .chunkSize:
            guard let size = Self.chunkSize(line) else { throw MalformedHTTP(.badChunk) }
            headSize = 0
            state = size == 0 ? .trailers : .chunkData(remaining: size)
        case .chunkEnd:
            guard line.isEmpty else { throw MalformedHTTP(.badChunk) }
            state = .chunkSize
        case .trailers:
            if line.isEmpty { state = .ended }
        case .idle, .lengthBody, .chunkData, .bodyUntilClose, .ended, .failed:
            preconditionFailure("no line is read here")
        }
        return false
    }

    private mutating func readStatus(_ line: Span<UInt8>) throws(MalformedHTTP) {
        guard line.count >= 12, line.extracting(..<7).equals("HTTP/1."), line[7].decimalValue != nil,
            line[8] == UInt8(ascii: " "), line.count == 12 || line[12] == UInt8(ascii: " "),
            let status = parseDecimal(line.extracting(9..<12)), (100...599).contains(status)
        else { throw MalformedHTTP(.notHTTP) }
        isVersion11 = line[7] == UInt8(ascii: "1")
        keepsAlive = isVersion11
        framing = .untilClose
        head.status = status
        // The last answer's fields went with it; those of this one will take about as much room.
        let room = head.lines.count
        head.lines = []
        head.lines.reserveCapacity(room)
    }

    private mutating func readField(_ line: Span<UInt8>) throws(MalformedHTTP) {
        // White space in a name would hide a field that decides where the body ends (RFC 9112, section 5.1).
        var colon = 0
        while colon < line.count, line[colon] != UInt8(ascii: ":") {
            guard !line[colon].isWhiteSpace else { throw MalformedHTTP(.badField) }
            colon += 1
        }
        guard colon > 0, colon < line.count else { throw MalformedHTTP(.badField) }
        head.lines.append(line)
        head.lines.append(UInt8(ascii: "\n"))
        guard let kind = FramingField(line, nameLength: colon) else { return }
        let value = trimmed(line.extracting(droppingFirst: colon + 1).bytes[...])
        switch kind {
        case .contentLength:
            guard let length = parseDecimal(value.span) else { throw MalformedHTTP(.badLength) }
            if case .length(let other) = framing, other != length { throw MalformedHTTP(.badLength) }
            if case .chunked = framing { return }
            framing = .length(length)
        case .transferEncoding:
            guard value.lowercasedText == "chunked" else { throw MalformedHTTP(.badTransferEncoding) }
            framing = .chunked
        case .connection:
            let options = value.lowercasedText
            if options.contains("close") { keepsAlive = false }
            if !isVersion11, options.contains("keep-alive") { keepsAlive = true }
        }
    }

    /// Decides where the body ends (RFC 9112, section 6.3); true if the head is one to tell of.
    private mutating func finishHead() -> Bool {
        guard head.status >= 200 else {
            state = .statusLine
            return false
        }
        if answersHead || head.status == 204 || head.status == 304 {
            state = .ended
            return true
        }
        switch framing {
        case .length(0): state = .ended
        case .length(let length): state = .lengthBody(remaining: length)
        case .chunked: state = .chunkSize
        case .untilClose:
            keepsAlive = false
            state = .bodyUntilClose
        }
        headSize = 0
        return true
    }

    private static func chunkSize(_ line: Span<UInt8>) -> Int? {
        var size = 0
        var digits = 0
        for index in line.indices {
            let byte = line[index]
            guard let value = byte.hexadecimalValue else {
                // An extension or white space may follow the digits.
                guard byte == UInt8(ascii: ";") || byte.isWhiteSpace else { return nil }
                break
            }
            size = size << 4 | Int(value)
            digits += 1
            guard digits <= 15 else { return nil }
        }
        return digits > 0 ? size : nil
    }
}

/// The fields that say how an answer is framed and what becomes of its connection.
private enum FramingField {
    case contentLength, transferEncoding, connection

    init?(_ line: Span<UInt8>, nameLength: Int) {
        switch nameLength {
        case 14 where line.hasName("content-length", at: 0): self = .contentLength
        case 17 where line.hasName("transfer-encoding", at: 0): self = .transferEncoding
        case 10 where line.hasName("connection", at: 0): self = .connection
        default: return nil
        }
    }
}

extension ArraySlice<UInt8> {
    fileprivate var lowercasedText: String { String(decoding: self, as: UTF8.self).lowercased() }
}
