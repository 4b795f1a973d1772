import Crypto
import NIOHTTP1
import Testing

@testable import LocalS3

@Suite struct MultipartTests {
    private static let large = [UInt8](repeating: 7, count: 5 << 20)
    private let client: TestClient

    init() throws {
        client = try TestClient()
    }

    private func begin(_ headers: HTTPHeaders = [:]) throws -> String {
        try #require(try client.send("POST", "/one/key?uploads", headers).element("UploadId"))
    }

    private func upload(_ number: Int, _ body: [UInt8], to id: String) throws -> String {
        let answer = try client.send("PUT", "/one/key?partNumber=\(number)&uploadId=\(id)", body: body)
        return try #require(answer.headers.first(name: "ETag"))
    }

    private func complete(_ parts: [(Int, String)], _ id: String, _ headers: HTTPHeaders = [:]) throws
        -> TestClient.Answer
    {
        let elements = parts.map { "<Part><PartNumber>\($0.0)</PartNumber><ETag>\($0.1)</ETag></Part>" }
        let document = "<CompleteMultipartUpload>\(elements.joined())</CompleteMultipartUpload>"
        return try client.send("POST", "/one/key?uploadId=\(id)", headers, text: document)
    }

    @Test func joinsItsParts() throws {
        let id = try begin(["Content-Type": "text/x", "x-amz-meta-a": "b", "x-amz-tagging": "t=u"])
        let first = try upload(2, Self.large, to: id)
        let last = try upload(5, Array("end".utf8), to: id)
        let answer = try complete([(2, first), (5, last)], id)
        var digest = Insecure.MD5()
        digest.update(data: Array(Insecure.MD5.hash(data: Self.large)))
        digest.update(data: Array(Insecure.MD5.hash(data: Array("end".utf8))))
        let tag = ByteText.hex(digest.finalize()) + "-2"
        #expect(answer.element("ETag") == "&quot;\(tag)&quot;")
        let object = try client.send("HEAD", "/one/key")
        #expect(object.headers.first(name: "ETag") == "\"\(tag)\"")
        #expect(object.headers.first(name: "Content-Type") == "text/x")
        #expect(object.headers.first(name: "x-amz-meta-a") == "b")
        #expect(object.headers.first(name: "x-amz-tagging-count") == "1")
        #expect(try client.send("GET", "/one/key", ["Range": "bytes=5242879-"]).body == [7] + Array("end".utf8))
        #expect(try complete([(2, first)], id).element("Code") == "NoSuchUpload")

        let part = try client.send("GET", "/one/key?partNumber=5")
        #expect(part.status == 206)
        #expect(part.text == "end")
        #expect(part.headers.first(name: "x-amz-mp-parts-count") == "2")
        #expect(part.headers.first(name: "Content-Range") == "bytes 5242880-5242882/5242883")
        #expect(try client.send("GET", "/one/key?partNumber=3").element("Code") == "InvalidPartNumber")

        // A copy is in one piece.
        try client.send("PUT", "/two/copy", ["x-amz-copy-source": "one/key"])
        let whole = ByteText.hex(Insecure.MD5.hash(data: Self.large + Array("end".utf8)))
        #expect(try client.send("HEAD", "/two/copy").headers.first(name: "ETag") == "\"\(whole)\"")
    }

    @Test func checksTheListOfParts() throws {
        let id = try begin()
        let small = try upload(1, [1], to: id)
        let other = try upload(2, [2], to: id)
        #expect(try complete([(1, small), (2, other)], id).element("Code") == "EntityTooSmall")
        #expect(try complete([(2, other), (1, small)], id).element("Code") == "InvalidPartOrder")
        #expect(try complete([(1, small), (1, small)], id).element("Code") == "InvalidPartOrder")
        #expect(try complete([(1, other)], id).element("Code") == "InvalidPart")
        #expect(try complete([(3, other)], id).element("Code") == "InvalidPart")
        #expect(try complete([], id).element("Code") == "MalformedXML")
        #expect(try complete([(1, small)], "none").element("Code") == "NoSuchUpload")
        #expect(try complete([(1, small)], id, ["x-amz-mp-object-size": "2"]).element("Code") == "InvalidRequest")
        #expect(try client.send("HEAD", "/one/key").status == 404)
        try client.put("key")
        #expect(try complete([(1, small)], id, ["If-None-Match": "*"]).element("Code") == "PreconditionFailed")
        #expect(try complete([(1, small)], id).status == 200)
    }

    @Test(arguments: ["0", "10001", "x", ""])
    func boundsPartNumbers(number: String) throws {
        let id = try begin()
        let answer = try client.send("PUT", "/one/key?partNumber=\(number)&uploadId=\(id)")
        #expect(answer.element("Code") == "InvalidArgument")
    }

    @Test func copiesParts() throws {
        try client.put("0123456789")
        let id = try begin()
        func copy(_ headers: HTTPHeaders) throws -> TestClient.Answer {
            var headers = headers
            headers.add(name: "x-amz-copy-source", value: "one/0123456789")
            return try client.send("PUT", "/one/key?partNumber=1&uploadId=\(id)", headers)
        }
        for (range, code) in [
            ("bytes=0-10", "InvalidRange"), ("bytes=2-", "InvalidArgument"), ("bytes=-2", "InvalidArgument"),
            ("2-3", "InvalidArgument"), ("bytes=3-2", "InvalidArgument"),
        ] { #expect(try copy(["x-amz-copy-source-range": range]).element("Code") == code) }
        #expect(try copy(["x-amz-copy-source-if-match": "x"]).element("Code") == "PreconditionFailed")
        let whole = try copy([:])
        #expect(
            whole.element("ETag") == "&quot;\(ByteText.hex(Insecure.MD5.hash(data: Array("0123456789".utf8))))&quot;"
        )
        let part = try copy(["x-amz-copy-source-range": "bytes=2-4"])
        let tag = ByteText.hex(Insecure.MD5.hash(data: Array("234".utf8)))
        #expect(part.element("ETag") == "&quot;\(tag)&quot;")
        #expect(try complete([(1, "&quot;\(tag)&quot;")], id).status == 200)
        #expect(try client.send("GET", "/one/key").text == "234")
    }

    @Test(arguments: [
        // The checksum of the parts' checksums, and that of "ab"; zlib's crc32 gives both.
        ("COMPOSITE", "lAs0ug==-1"), ("FULL_OBJECT", "noNIbQ=="),
    ])
    func keepsChecksums(kind: String, expected: String) throws {
        let id = try begin(["x-amz-checksum-algorithm": "CRC32", "x-amz-checksum-type": kind])
        let tag = try upload(1, Array("ab".utf8), to: id)
        let answer = try complete([(1, tag)], id)
        #expect(answer.element("ChecksumType") == kind)
        let head = try client.send("HEAD", "/one/key", ["x-amz-checksum-mode": "ENABLED"])
        #expect(head.headers.first(name: "x-amz-checksum-crc32") == answer.element("ChecksumCRC32"))
        #expect(answer.element("ChecksumCRC32") == expected)
    }

    @Test func listsPartsAndUploads() throws {
        let id = try begin()
        for number in [3, 1, 2] { _ = try upload(number, [UInt8(number)], to: id) }
        let page = try client.send("GET", "/one/key?uploadId=\(id)&max-parts=2")
        #expect(page.elements("PartNumber") == ["1", "2"])
        #expect(page.element("IsTruncated") == "true")
        #expect(page.element("NextPartNumberMarker") == "2")
        let rest = try client.send("GET", "/one/key?uploadId=\(id)&part-number-marker=2")
        #expect(rest.elements("PartNumber") == ["3"])

        for key in ["a", "b", "b", "c"] { try client.send("POST", "/one/\(key)?uploads") }
        var keys: [String] = []
        var query = ""
        repeat {
            let page = try client.send("GET", "/one?uploads&max-uploads=2\(query)")
            keys += page.elements("Key")
            query = ""
            if let key = page.element("NextKeyMarker"), let id = page.element("NextUploadIdMarker") {
                query = "&key-marker=\(key)&upload-id-marker=\(id)"
            }
        } while !query.isEmpty
        #expect(keys == ["a", "b", "b", "c", "key"])
        #expect(try client.send("GET", "/one?uploads&prefix=k").elements("Key") == ["key"])

        #expect(try client.send("DELETE", "/one/key?uploadId=\(id)").status == 204)
        #expect(try client.send("DELETE", "/one/key?uploadId=\(id)").element("Code") == "NoSuchUpload")
        #expect(try client.send("PUT", "/one/key?partNumber=1&uploadId=\(id)").element("Code") == "NoSuchUpload")
    }
}
