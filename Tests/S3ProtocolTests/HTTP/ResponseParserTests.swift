import TestSupport
import Testing

@testable import S3Protocol

@Suite("HTTP answers as they arrive")
struct ResponseParserTests {
    /// One answer as a parser gave it.
    private struct Answer: Equatable {
        var status = 0
        var fields: [String] = []
        var body = ""
        var keepsAlive = false
        /// Bytes of the piece that stand behind the end.
        var excess = 0
        var isComplete = false
    }

    private func parse(_ pieces: [[UInt8]], toHead: Bool = false, thenCloses: Bool = false) throws(MalformedHTTP)
        -> Answer
    {
        var parser = ResponseParser()
        parser.expectResponse(toHead: toHead)
        return try parse(pieces, with: &parser, thenCloses: thenCloses)
    }

    private func parse(
        _ pieces: [[UInt8]],
        with parser: inout ResponseParser,
        thenCloses: Bool = false
    ) throws(MalformedHTTP) -> Answer {
        var answer = Answer()
        var body: [UInt8] = []
        for piece in pieces {
            var offset = 0
            reading: while !answer.isComplete {
                switch try parser.next(in: piece.span, at: &offset) {
                case .needsMore: break reading
                case .head: answer.status = parser.head.status
                case .body(let range): body += piece[range]
                case .end: answer.isComplete = true
                }
            }
            answer.excess += piece.count - offset
        }
        if thenCloses, !answer.isComplete { answer.isComplete = parser.connectionClosed() }
        answer.body = String(decoding: body, as: UTF8.self)
        answer.keepsAlive = parser.keepsAlive
        answer.fields = parser.head.fields.map { "\($0.name)=\(String(decoding: $0.value, as: UTF8.self))" }
        return answer
    }

    private func parse(_ text: String, toHead: Bool = false, thenCloses: Bool = false) throws(MalformedHTTP) -> Answer {
        try parse([Array(text.utf8)], toHead: toHead, thenCloses: thenCloses)
    }

    private func refusal(_ text: String) -> MalformedHTTP.Reason? {
        do throws(MalformedHTTP) {
            _ = try parse(text)
            return nil
        } catch {
            return error.reason
        }
    }

    private static let answers: [(String, Int, String)] = [
        ("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", 200, "hello"),
        ("HTTP/1.1 200\r\ncontent-length:0\r\n\r\n", 200, ""),
        ("HTTP/1.1 200 OK\nContent-Length: 5\n\nhello", 200, "hello"),
        ("HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n", 204, ""),
        ("HTTP/1.1 304 Not Modified\r\n\r\n", 304, ""),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n", 200, "hello"),
        (
            "HTTP/1.1 200 OK\r\nTRANSFER-ENCODING: Chunked\r\n\r\n00003;a=b;c=\"d\"\r\nhel\r\nA \r\nlo, world!\r\n0;x\r\n"
                + "Trailer: x\r\nOther: y\r\n\r\n", 200, "hello, world!"
        ),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 99\r\n\r\n1\r\nx\r\n0\r\n\r\n", 200, "x"),
        (
            "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early\r\nLink: x\r\n\r\nHTTP/1.1 404 Not Found\r\nContent-Length: 1\r\n\r\nx",
            404, "x"
        ),
        ("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\nx", 200, "x"),
    ]

    @Test("answers are read", arguments: answers)
    func reads(text: String, status: Int, body: String) throws {
        let answer = try parse(text)
        #expect(answer.status == status)
        #expect(answer.body == body)
        #expect(answer.isComplete)
        #expect(answer.keepsAlive)
        #expect(answer.excess == 0)
    }

    @Test("two pieces cut anywhere, and single bytes, make no difference", arguments: answers)
    func pieces(text: String, status: Int, body: String) throws {
        let bytes = Array(text.utf8)
        let whole = try parse([bytes])
        for cut in 0...bytes.count {
            #expect(try parse([Array(bytes[..<cut]), Array(bytes[cut...])]) == whole, "cut at \(cut)")
        }
        #expect(try parse(bytes.map { [$0] }) == whole)
    }

    @Test("an answer that is cut off is not complete, also when the connection closes", arguments: answers)
    func truncated(text: String, status: Int, body: String) throws {
        let bytes = Array(text.utf8)
        for length in 0..<bytes.count {
            #expect(try !parse([Array(bytes[..<length])], thenCloses: true).isComplete, "cut to \(length)")
        }
    }

    @Test("what stands behind an answer is left alone")
    func pipelined() throws {
        for (text, status, body) in Self.answers {
            let answer = try parse(text + "HTTP/1.1 500")
            #expect(answer.isComplete && answer.status == status && answer.body == body)
            #expect(answer.excess == 12)
        }
    }

    @Test("one answer after the other comes over a connection, with nothing kept from the one before")
    func sequence() throws {
        var parser = ResponseParser()
        #expect(parser.isIdle)
        parser.expectResponse(toHead: false)
        let first = try parse(
            [Array("HTTP/1.1 500 No\r\nA: b\r\nConnection: close\r\nContent-Length: 2\r\n\r\nno".utf8)],
            with: &parser
        )
        #expect(first.fields == ["A=b", "Connection=close", "Content-Length=2"])
        #expect(!first.keepsAlive)
        parser.expectResponse(toHead: false)
        let second = try parse([Array("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\ny".utf8)], with: &parser)
        #expect(second.fields == ["Content-Length=1"])
        #expect(second.keepsAlive)
        #expect(parser.isIdle)
        parser.expectResponse(toHead: false)
        let third = #expect(throws: MalformedHTTP.self) { try parse([[0x15, 3, 3]], with: &parser) }
        #expect(third?.reason == .speaksTLS, "each answer has a first byte, which tells TLS from HTTP")
    }

    @Test("the answer to HEAD has no body, whatever its head says")
    func head() throws {
        for fields in ["Content-Length: 5\r\n", "Transfer-Encoding: chunked\r\n", ""] {
            let answer = try parse("HTTP/1.1 200 OK\r\n\(fields)\r\n", toHead: true)
            #expect(answer.isComplete)
            #expect(answer.keepsAlive)
            #expect(answer.body == "")
        }
    }

    @Test("a body whose end nothing tells goes on until the connection closes")
    func untilClose() throws {
        let text = "HTTP/1.1 200 OK\r\n\r\nhello"
        let open = try parse(text)
        #expect(!open.isComplete)
        #expect(!open.keepsAlive)
        let closed = try parse(text, thenCloses: true)
        #expect(closed.isComplete)
        #expect(closed.body == "hello")
    }

    @Test(
        "what becomes of the connection",
        arguments: [
            ("1.1", "", true), ("1.1", "Connection: close\r\n", false),
            ("1.1", "connection: Keep-Alive, Close\r\n", false),
            ("1.0", "", false), ("1.0", "Connection: Keep-Alive\r\n", true), ("1.0", "Connection: close\r\n", false),
        ]
    )
    func keepsAlive(version: String, fields: String, expected: Bool) throws {
        #expect(try parse("HTTP/\(version) 200 OK\r\n\(fields)Content-Length: 0\r\n\r\n").keepsAlive == expected)
    }

    @Test(
        "what is no answer says why",
        arguments: [
            ("<html>", MalformedHTTP.Reason.notHTTP), ("SSH-2.0-OpenSSH_9.6\r\n", .notHTTP),
            ("HTTP/2 200\r\n", .notHTTP),
            ("HTTP/1.1 20\r\n", .notHTTP), ("HTTP/1.1 2000 OK\r\n", .notHTTP), ("HTTP/1.1 abc\r\n", .notHTTP),
            ("HTTP/1.1 600 x\r\n", .notHTTP), ("HTTP/1.1 099 x\r\n", .notHTTP), ("HTTP/1.x 200 OK\r\n", .notHTTP),
            ("HTTP/1.1  200 OK\r\n", .notHTTP), ("\r\nHTTP/1.1 200 OK\r\n", .notHTTP),
            ("http/1.1 200 OK\r\n", .notHTTP),
            ("\u{15}\u{3}\u{3}\u{0}\u{2}\u{2}\u{46}", .speaksTLS), ("\u{16}\u{3}\u{1}", .speaksTLS),
            ("HTTP/1.1 200 OK\r\nnonsense\r\n", .badField), ("HTTP/1.1 200 OK\r\n: x\r\n", .badField),
            ("HTTP/1.1 200 OK\r\nContent-Length : 5\r\n", .badField),
            ("HTTP/1.1 200 OK\r\nA: b\r\n c: d\r\n", .badField),
            ("HTTP/1.1 200 OK\r\nContent-Length: x\r\n", .badLength),
            ("HTTP/1.1 200 OK\r\nContent-Length:\r\n", .badLength),
            ("HTTP/1.1 200 OK\r\nContent-Length: -1\r\n", .badLength),
            ("HTTP/1.1 200 OK\r\nContent-Length: +1\r\n", .badLength),
            ("HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n", .badLength),
            ("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n", .badLength),
            ("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n", .badTransferEncoding),
            ("HTTP/1.1 200 OK\r\nTransfer-Encoding: identity\r\n", .badTransferEncoding),
            ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n", .badChunk),
            ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\r\n", .badChunk),
            ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n", .badChunk),
            ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1000000000000000\r\n", .badChunk),
            ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nabc\r\n", .badChunk),
        ]
    )
    func refuses(text: String, reason: MalformedHTTP.Reason) {
        #expect(refusal(text) == reason)
        #expect(throws: MalformedHTTP(reason)) { try parse(Array(text.utf8).map { [$0] }) }
    }

    @Test(
        "a peer of another protocol is known before it ends its first line",
        arguments: ["SSH-2.0", "<!", "{", "220 mail", "RTSP"]
    )
    func earlyRefusal(text: String) {
        #expect(refusal(text) == .notHTTP)
    }

    @Test("heads have a bound: in one line, in many, in informational answers and in trailers")
    func bounds() throws {
        let line = "A: " + String(repeating: "x", count: 1_000) + "\r\n"
        #expect(refusal("HTTP/1.1 200 OK\r\nA: " + String(repeating: "x", count: 70_000)) == .headTooLarge)
        #expect(refusal("HTTP/1.1 200 OK\r\n" + String(repeating: line, count: 70)) == .headTooLarge)
        #expect(refusal(String(repeating: "HTTP/1.1 100 Continue\r\n\r\n", count: 3_000)) == .headTooLarge)
        let chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
        #expect(refusal(chunked + "0\r\n" + String(repeating: line, count: 70)) == .headTooLarge)
        #expect(refusal(chunked + "1;" + String(repeating: "x", count: 70_000)) == .headTooLarge)
        #expect(
            try parse("HTTP/1.1 200 OK\r\n" + String(repeating: line, count: 60) + "Content-Length: 0\r\n\r\n")
                .isComplete
        )
        let chunks = String(repeating: "1;" + String(repeating: "x", count: 1_000) + "\r\ny\r\n", count: 100)
        #expect(
            try parse(chunked + chunks + "0\r\n\r\n").body.count == 100,
            "the bound is not that of all chunks together"
        )
    }

    @Test("bytes that no request asked for are refused, and so is all that follows a refusal")
    func unexpected() throws {
        var parser = ResponseParser()
        #expect(try parse([[]], with: &parser) == Answer(status: 0, keepsAlive: true))
        #expect(throws: MalformedHTTP(.unexpectedBytes)) { try parse([[0x48]], with: &parser) }
        #expect(throws: MalformedHTTP(.unexpectedBytes)) { try parse([[]], with: &parser) }
    }

    @Test("mutated answers are read or refused alike, however they are cut", arguments: UInt64(1)...4)
    func fuzz(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var complete = 0
        for round in 0..<2_000 {
            var bytes = Array(random.pick(Self.answers).0.utf8)
            for _ in 0..<random.number(0...3) where !bytes.isEmpty {
                let place = random.number(0...(bytes.count - 1))
                switch random.number(0...3) {
                case 0: bytes[place] = UInt8(random.number(0...255))
                case 1: bytes.remove(at: place)
                case 2: bytes.insert(contentsOf: random.pick(["\r\n", ":", "0", "\n", " ", "f"]).utf8, at: place)
                default: bytes.removeSubrange(place...)
                }
            }
            let toHead = random.chance(oneIn: 5)
            let whole = Result { () throws(MalformedHTTP) in try parse([bytes], toHead: toHead, thenCloses: true) }
            let cut = Result { () throws(MalformedHTTP) in
                try parse(random.pieces(of: bytes, upTo: 5), toHead: toHead, thenCloses: true)
            }
            // Where an answer ends early, how much of the rest was looked at depends on the pieces.
            #expect(
                summary(whole) == summary(cut),
                "seed \(seed), round \(round): \(String(decoding: bytes, as: UTF8.self))"
            )
            if case .success(let answer) = whole, answer.isComplete { complete += 1 }
        }
        #expect(complete > 200 && complete < 1_800, "both outcomes have to come up")
    }

    private func summary(_ result: Result<Answer, MalformedHTTP>) -> String {
        switch result {
        case .success(let answer): "\(answer)"
        case .failure(let error): error.description
        }
    }
}
