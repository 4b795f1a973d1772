import S3Protocol
import Testing

@testable import S3Client

@Suite("Answers put together")
struct AnswerReaderTests {
    private func read(
        _ text: String,
        isHead: Bool = false,
        sink: ResponseSink = .document
    ) throws -> (answer: HTTPAnswer?, keepsAlive: Bool) {
        var reader = AnswerReader()
        reader.expect(isHead: isHead, sink: sink)
        let answer = try reader.read(text)
        return (answer, reader.keepsAlive)
    }

    private func answer(_ body: String, status: Int = 200) -> String {
        "HTTP/1.1 \(status) X\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
    }

    private let page =
        "<ListBucketResult><IsTruncated>false</IsTruncated><Contents><Key>a</Key><Size>1</Size></Contents></ListBucketResult>"

    @Test("a body is collected whole")
    func collects() throws {
        let (result, keepsAlive) = try read(answer("hello"))
        #expect(result?.head.status == 200)
        #expect(result?.body == Array("hello".utf8))
        #expect(result?.page == nil)
        #expect(result?.isSuccess == true)
        #expect(keepsAlive)
    }

    @Test("an answer in pieces is given with its last one")
    func pieces() throws {
        var reader = AnswerReader()
        reader.expect(isHead: false, sink: .document)
        let text = answer("hello").replacing("\r\n", with: "\n")
        for character in text.dropLast() { #expect(try reader.read(String(character)) == nil) }
        #expect(try reader.read(String(text.suffix(1)))?.body == Array("hello".utf8))
    }

    @Test("a page is read while it arrives, and nothing of it is kept beside")
    func listPage() throws {
        let result = try read(answer(page), sink: .listPage).answer
        #expect(result?.page?.first?.key == ObjectKey("a"))
        #expect(result?.body == [])
    }

    @Test("an answer that is no success is collected, also where a page was asked for")
    func errorForPage() throws {
        let document = "<Error><Code>SlowDown</Code></Error>"
        let result = try read(answer(document, status: 503), sink: .listPage).answer
        #expect(result?.page == nil)
        #expect(result?.body == Array(document.utf8))
        #expect(result?.isSuccess == false)
    }

    @Test("a page that ends before its document is an error, and so is another document")
    func badPages() throws {
        for body in [String(page.dropLast()), "", "<Error><Code>x</Code></Error>"] {
            let result = try read(answer(body), sink: .listPage).answer
            #expect(result?.page == nil)
            #expect(result?.pageError != nil, "\(body)")
            #expect(result?.body == Array(body.utf8), "what came can be looked at")
        }
    }

    @Test("of a page little is kept beside it, in whatever pieces it comes; of another document all")
    func beginnings() throws {
        let objects = String(repeating: "<Contents><Key>a</Key><Size>1</Size></Contents>", count: 3000)
        for size in [100, 5000, 1 << 20] {
            for (name, isPage) in [("ListBucketResult", true), ("Error", false)] {
                let body = "<?xml version='1.0'?>\n<\(name)>\(objects.prefix(isPage ? 120_000 : 60_000))"
                var reader = AnswerReader()
                reader.expect(isHead: false, sink: .listPage)
                _ = try reader.read("HTTP/1.1 200 OK\r\n\r\n")
                for start in stride(from: 0, to: body.utf8.count, by: size) {
                    let piece = body.utf8.dropFirst(start).prefix(size)
                    #expect(try reader.read(String(Substring(piece))) == nil)
                }
                let answer = reader.connectionClosed()
                #expect(answer?.pageError != nil)
                #expect(answer?.body == Array(isPage ? body.utf8.prefix(256) : body.utf8[...]))
            }
        }
    }

    @Test("a page that goes wrong in its middle is one still, and its rest is of no interest")
    func malformedPage() throws {
        for rest in ["<Contents></Contents>", "<Contents><Key>a</Key><Size>much</Size></Contents>", "<a></b>"] {
            let body = "<ListBucketResult>" + rest + String(repeating: "x", count: 100_000)
            let answer = try #require(try read(answer(body), sink: .listPage).answer)
            #expect(answer.page == nil)
            #expect(answer.pageError != nil)
            #expect(answer.body == Array(body.utf8.prefix(256)))
        }
    }

    @Test("of what is no page the beginning is kept, and what it is told by, however long it is")
    func longNonPage() throws {
        let reasons = [
            "<html>": "its root is 'html', not 'ListBucketResult'", "": "its first 65536 bytes have no element",
        ]
        for (beginning, reason) in reasons {
            let body = beginning + String(repeating: " ", count: 200_000)
            let whole = try #require(try read(answer(body), sink: .listPage).answer)
            var reader = AnswerReader()
            reader.expect(isHead: false, sink: .listPage)
            _ = try reader.read("HTTP/1.1 200 OK\r\nContent-Length: \(body.utf8.count)\r\n\r\n")
            var inPieces: HTTPAnswer?
            for start in stride(from: 0, to: body.utf8.count, by: 1000) {
                inPieces = try reader.read(String(Substring(body.utf8.dropFirst(start).prefix(1000))))
            }
            for answer in [whole, try #require(inPieces)] {
                #expect(answer.page == nil && answer.pageError?.reason == reason)
                #expect(answer.body == Array(body.utf8.prefix(64 * 1024)))
            }
        }
    }

    @Test(
        "what is no page, or is one no more, and does not end is given up",
        arguments: ["<html>", "<ListBucketResult></a>"]
    )
    func endlessNonPage(beginning: String) throws {
        var reader = AnswerReader()
        reader.expect(isHead: false, sink: .listPage)
        _ = try reader.read("HTTP/1.1 200 OK\r\n\r\n" + beginning)
        let most = String(repeating: "x", count: ListPageReader.largestPage)
        #expect(try reader.read(most) == nil)
        #expect { try reader.read("x") } throws: { ($0 as? S3ClientError)?.code == .oversized }
    }

    @Test("one request's answer leaves nothing behind for the next")
    func sequence() throws {
        var reader = AnswerReader()
        reader.expect(isHead: false, sink: .listPage)
        #expect(try reader.read(answer(page))?.page != nil)
        reader.expect(isHead: false, sink: .document)
        let second = try reader.read(answer("x"))
        #expect(second?.page == nil)
        #expect(second?.body == Array("x".utf8))
        reader.expect(isHead: true, sink: .document)
        #expect(try reader.read("HTTP/1.1 200 X\r\nContent-Length: 5\r\n\r\n")?.body == [])
    }

    @Test("more than was allowed is refused, by what the answer is")
    func oversized() throws {
        #expect(try read(answer("12345"), sink: .collect(limit: 5)).answer?.body.count == 5)
        #expect { try read(answer("123456"), sink: .collect(limit: 5)) } throws: { error in
            guard let error = error as? S3ClientError else { return false }
            return error.code == .oversized && error.message.contains("5 bytes") && !error.isRetryable
        }
        // An error document has a bound of its own, whatever was allowed for a success.
        let large = String(repeating: "x", count: 64 * 1024)
        #expect(try read(answer(large, status: 500), sink: .collect(limit: 5)).answer?.body.count == 64 * 1024)
        // What is longer, such as a proxy's page, is read over: the status says enough.
        let (long, keepsAlive) = try read(answer(large + "x", status: 503), sink: .collect(limit: 1 << 30))
        #expect(long?.body.count == 64 * 1024 && long?.head.status == 503 && keepsAlive)
        for status in [404, 503] {
            let longest = String(repeating: "x", count: 1 << 20)
            #expect(try read(answer(longest, status: status)).answer?.head.status == status)
            #expect {
                try read(answer(longest + "x", status: status))
            } throws: { error in
                guard let error = error as? S3ClientError else { return false }
                return error.code == .oversized && error.isRetryable == (status == 503)
            }
        }
    }

    @Test("bytes behind an answer do not make it wrong, but end its connection's use")
    func excess() throws {
        let (result, keepsAlive) = try read("HTTP/1.1 404 X\r\nContent-Length: 5\r\n\r\n<Err/", isHead: true)
        #expect(result?.head.status == 404)
        #expect(result?.body == [])
        #expect(!keepsAlive)
    }

    @Test("an answer whose end only the connection's tells is given with it; no other is")
    func connectionClosed() throws {
        var reader = AnswerReader()
        reader.expect(isHead: false, sink: .document)
        #expect(try reader.read("HTTP/1.1 200 X\r\n\r\nhello") == nil)
        #expect(!reader.keepsAlive)
        #expect(reader.connectionClosed()?.body == Array("hello".utf8))

        var other = AnswerReader()
        other.expect(isHead: false, sink: .document)
        #expect(try other.read("HTTP/1.1 200 X\r\nContent-Length: 6\r\n\r\nhello") == nil)
        #expect(other.connectionClosed() == nil)

        var truncatedPage = AnswerReader()
        truncatedPage.expect(isHead: false, sink: .listPage)
        #expect(try truncatedPage.read("HTTP/1.1 200 X\r\n\r\n\(page.dropLast())") == nil)
        let answer = truncatedPage.connectionClosed()
        #expect(answer?.page == nil)
        #expect(answer?.pageError != nil)
    }
}

extension AnswerReader {
    fileprivate mutating func read(_ text: String) throws -> HTTPAnswer? {
        let bytes = Array(text.utf8)
        return try read(bytes.span)
    }
}
