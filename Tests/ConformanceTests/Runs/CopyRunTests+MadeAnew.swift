import Brigade
import S3Client
import S3Protocol
import ServerTestSupport
import Synchronization
import Testing

/// Servers that list an object, find it, and answer its copy with NoSuchKey.
extension CopyRunTests {
    /// Copies a listing of one object on a server that cannot copy it and whose HEAD tells so much.
    ///
    /// - Returns: The heads of the requests that put an object, by how the run ended and what it told of it.
    private func copyUncopiable(
        key: String,
        size: Int,
        fields: [String]
    ) async throws -> (summary: CopySummary, events: Events, puts: [String]) {
        let page = """
            <ListBucketResult><EncodingType>url</EncodingType><IsTruncated>false</IsTruncated>\
            <Contents><Key>\(key)</Key><Size>\(size)</Size></Contents></ListBucketResult>
            """
        let refusal = "<Error><Code>NoSuchKey</Code><Message>no such key</Message></Error>"
        let puts = Puts()
        let behaviour = StandIn.Behaviour.answers { head in
            let lines = head.lowercased()
            if head.hasPrefix("GET ") { return StandIn.answer("200 OK", type: "application/xml", body: page) }
            if head.hasPrefix("HEAD ") {
                let length = ["content-length: \(size)"]
                return Array((["HTTP/1.1 200 OK"] + length + fields + ["", ""]).joined(separator: "\r\n").utf8)
            }
            if lines.contains("x-amz-copy-source:") {
                return StandIn.answer("404 Not Found", type: "application/xml", body: refusal)
            }
            puts.add(lines)
            return StandIn.answer("200 OK", type: "application/xml", body: "")
        }
        return try await StandIn.run(behaviour) { port in
            var configuration = S3ClientConfiguration()
            configuration.endpoint = try Endpoint(url: "http://127.0.0.1:\(port)")
            return try await withNewClient(configuration) { client in
                let events = Events()
                let summary = try await copy(with: client, onEvent: events.add)
                return (summary, events, puts.heads)
            }
        }
    }

    @Test(
        "an empty object that is listed but cannot be copied is made anew, whatever its key ends in",
        arguments: [("folder/", "folder/"), ("marker_$folder$", "marker_%24folder%24")]
    )
    func madeAnew(key: String, path: String) async throws {
        let kept = [
            "content-type: application/x-directory", "cache-control: no-cache", "content-language: de",
            "x-amz-meta-owner: someone", "x-amz-website-redirect-location: /elsewhere",
        ]
        let other = [
            "etag: \"d41d8cd98f00b204e9800998ecf8427e\"", "x-amz-tagging-count: 2", "x-amz-storage-class: GLACIER",
        ]
        let (summary, events, puts) = try await copyUncopiable(key: key, size: 0, fields: kept + other)
        #expect(summary.isComplete && amounts(summary) == [1, 1, 0, 0, 0])
        #expect(events.failed.isEmpty && events.skipped.isEmpty)
        let head = try #require(puts.count == 1 ? puts.first : nil)
        let lines = head.split(separator: "\r\n")
        #expect(lines.first == "put /destination/\(path) http/1.1")
        #expect(lines.contains("content-length: 0"))
        for field in kept { #expect(lines.contains(field[...])) }
        for name in ["x-amz-tagging", "x-amz-storage-class"] { #expect(!head.contains(name)) }
    }

    @Test("an object with content that is listed but cannot be copied fails, and nothing is made in its place")
    func notMadeAnew() async throws {
        let (summary, events, puts) = try await copyUncopiable(key: "file", size: 5, fields: [])
        #expect(amounts(summary) == [1, 0, 0, 1, 0])
        #expect(events.failed.map(\.failure.code) == ["NoSuchKey"])
        #expect(events.failed.first?.failure.message.contains("answers HEAD for it, but not a copy") == true)
        #expect(puts.isEmpty)
    }
}

/// The heads of requests, in the order in which they came.
private final class Puts: Sendable {
    private let list = Mutex<[String]>([])

    var heads: [String] { list.withLock { $0 } }

    func add(_ head: String) {
        list.withLock { $0.append(head) }
    }
}
