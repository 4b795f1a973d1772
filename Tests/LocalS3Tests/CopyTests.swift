import NIOHTTP1
import Testing

@testable import LocalS3

@Suite struct CopyTests {
    private let client: TestClient

    init() throws {
        client = try TestClient()
        try client.send(
            "PUT",
            "/one/source",
            [
                "Content-Type": "text/plain", "x-amz-meta-name": "value", "x-amz-tagging": "a=b",
                "x-amz-storage-class": "STANDARD_IA",
            ],
            text: "hello"
        )
    }

    private func copy(_ source: String, to target: String = "/two/copy", _ headers: HTTPHeaders = [:]) throws
        -> TestClient.Answer
    {
        var headers = headers
        headers.add(name: "x-amz-copy-source", value: source)
        return try client.send("PUT", target, headers)
    }

    @Test func keepsMetadataAndTagsButNotTheClass() throws {
        let answer = try copy("one/source")
        #expect(answer.element("ETag") == "&quot;5d41402abc4b2a76b9719d911017c592&quot;")
        #expect(answer.element("LastModified") == "2023-11-14T22:13:20.000Z")
        let head = try client.send("GET", "/two/copy")
        #expect(head.text == "hello")
        #expect(head.headers.first(name: "Content-Type") == "text/plain")
        #expect(head.headers.first(name: "x-amz-meta-name") == "value")
        #expect(head.headers.first(name: "x-amz-tagging-count") == "1")
        #expect(!head.headers.contains(name: "x-amz-storage-class"))
    }

    @Test func replacesWhatItIsToldTo() throws {
        let headers: HTTPHeaders = [
            "x-amz-metadata-directive": "REPLACE", "x-amz-tagging-directive": "REPLACE", "x-amz-meta-other": "new",
        ]
        #expect(try copy("/one/source", headers).status == 200)
        let head = try client.send("HEAD", "/two/copy")
        #expect(head.headers.first(name: "Content-Type") == "binary/octet-stream")
        #expect(head.headers.first(name: "x-amz-meta-name") == nil)
        #expect(head.headers.first(name: "x-amz-meta-other") == "new")
        #expect(head.headers.first(name: "x-amz-tagging-count") == nil)
    }

    @Test func sharesTheBytesOfItsSource() throws {
        #expect(try copy("one/source").status == 200)
        let bodies = try ["one/source", "two/copy"].map { path in
            let names = path.split(separator: "/").map(String.init)
            let bucket = try client.service.store.bucket(names[0])
            let record = try #require(client.service.store.object(ObjectKey(Array(names[1].utf8)), in: bucket))
            return ObjectIdentifier(record.content)
        }
        #expect(bodies[0] == bodies[1])
    }

    @Test func readsTheSourceAsItIsEncoded() throws {
        try client.put("a+b", "a b", "ü%", "x/../y", "/lead", "tr/")
        for (source, content) in [
            ("one/a%2Bb", "a+b"), ("one/a+b", "a b"), ("one/a%20b", "a b"), ("one/%C3%BC%25", "ü%"),
            ("/one%2Fx/../y", "x/../y"), ("one//lead", "/lead"), ("one/tr/?versionId=null", "tr/"),
        ] {
            #expect(try copy(source).status == 200)
            #expect(try client.send("GET", "/two/copy").text == content)
        }
    }

    @Test(arguments: [
        ("one", "InvalidArgument"), ("one/", "InvalidArgument"), ("/", "InvalidArgument"), ("", "InvalidArgument"),
        ("one/a%2", "InvalidArgument"), ("one/a?x=y", "InvalidArgument"), ("one/a?versionId=1", "NoSuchVersion"),
        ("one/none", "NoSuchKey"), ("none-such/a", "NoSuchBucket"), ("N/a", "InvalidBucketName"),
    ])
    func refusesOtherSources(source: String, code: String) throws {
        #expect(try copy(source).element("Code") == code)
        #expect(try client.send("HEAD", "/two/copy").status == 404)
    }

    @Test(arguments: [
        ("if-match", "\"5d41402abc4b2a76b9719d911017c592\"", 200),
        ("if-match", "5d41402abc4b2a76b9719d911017c592", 200),
        ("if-match", "\"x\"", 412), ("if-none-match", "\"5d41402abc4b2a76b9719d911017c592\"", 412),
        ("if-none-match", "\"x\"", 200), ("if-modified-since", "Tue, 14 Nov 2023 22:13:20 GMT", 412),
        ("if-modified-since", "Tue, 14 Nov 2023 22:13:19 GMT", 200),
        ("if-unmodified-since", "Tue, 14 Nov 2023 22:13:19 GMT", 412),
    ])
    func honoursConditionsOnTheSource(condition: String, value: String, status: Int) throws {
        #expect(try copy("one/source", ["x-amz-copy-source-\(condition)": value]).status == status)
    }

    @Test func honoursConditionsOnTheDestination() throws {
        #expect(try copy("one/source", ["If-None-Match": "*"]).status == 200)
        #expect(try copy("one/source", ["If-None-Match": "*"]).element("Code") == "PreconditionFailed")
    }

    @Test func ontoItselfNeedsAChange() throws {
        #expect(try copy("one/source", to: "/one/source").element("Code") == "InvalidRequest")
        #expect(try copy("one/source", to: "/one/source", ["x-amz-metadata-directive": "REPLACE"]).status == 200)
        #expect(try copy("one/source", to: "/one/source", ["x-amz-storage-class": "STANDARD"]).status == 200)
        #expect(try copy("one/source", ["x-amz-metadata-directive": "OTHER"]).element("Code") == "InvalidArgument")
    }

    @Test func takesNoMoreThanFiveGibibytes() throws {
        // The same mebibytes again and again: an object of any size costs nothing.
        let piece = [UInt8](repeating: 0, count: 1 << 20)[...]
        for (extra, status) in [(0, 200), (1, 400)] {
            let slices = [ArraySlice<UInt8>](repeating: piece, count: 5 << 10) + [piece.prefix(extra)]
            let content = ObjectContent(body: .memory(slices), size: (5 << 30) + extra, entityTag: "x")
            let record = ObjectRecord(
                content: content,
                attributes: ObjectAttributes(headers: [], metadata: []),
                tags: [],
                storageClass: "STANDARD",
                lastModified: TestClient.time
            )
            try client.service.store.put(record, for: ObjectKey([1]), in: client.service.store.bucket("one"))
            #expect(try copy("one/%01").status == status)
        }
    }
}

extension CopyTests {
    private func copy(_ source: String, _ headers: HTTPHeaders) throws -> TestClient.Answer {
        try copy(source, to: "/two/copy", headers)
    }
}
