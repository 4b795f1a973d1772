import NIOHTTP1
import Testing

@testable import LocalS3

/// The examples that the S3 API reference publishes ("Authenticating Requests: Using the Authorization Header",
/// "Using Query Parameters", "Transferring Payload in Multiple Chunks").
@Suite struct SignatureTests {
    static let keyID = "AKIAIOSFODNN7EXAMPLE"
    static let secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
    static let emptyDigest = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    /// 2013-05-24T00:00:00Z.
    static let time = Timestamp(milliseconds: 1_369_353_600_000)
    static let host = "examplebucket.s3.amazonaws.com"

    private let service: S3Service

    init() throws {
        service = try Self.makeService()
    }

    private static func makeService(secondsLater: Int64 = 0, region: String = "us-east-1") throws -> S3Service {
        let service = S3Service(
            store: ObjectStore(backend: MemoryBackend()),
            credentials: [keyID: secret],
            region: region
        ) { Timestamp(milliseconds: time.milliseconds + secondsLater * 1000) }
        try service.store.createBucket("examplebucket", at: time)
        return service
    }

    private func authorization(_ signedHeaders: String, _ signature: String) -> String {
        "AWS4-HMAC-SHA256 Credential=\(Self.keyID)/20130524/us-east-1/s3/aws4_request,"
            + "SignedHeaders=\(signedHeaders),Signature=\(signature)"
    }

    private var getObject: RequestHead {
        RequestHead(
            method: "GET",
            target: "/test.txt",
            headers: [
                "Host": Self.host, "Range": "bytes=0-9", "x-amz-content-sha256": Self.emptyDigest,
                "x-amz-date": "20130524T000000Z",
                "Authorization": authorization(
                    "host;range;x-amz-content-sha256;x-amz-date",
                    "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"
                ),
            ]
        )
    }

    private func code(_ response: Response) -> String? {
        guard case .bytes(let bytes) = response.content else { return nil }
        return TestClient.Answer(status: response.status, headers: response.headers, body: bytes).element("Code")
    }

    @Test func acceptsGetObject() {
        // The signature is right, so that what is missing is the object.
        #expect(code(service.respond(to: getObject)) == "NoSuchKey")
    }

    @Test func acceptsPutObject() throws {
        let head = RequestHead(
            method: "PUT",
            target: "/test$file.text",
            headers: [
                "Host": Self.host, "Date": "Fri, 24 May 2013 00:00:00 GMT", "x-amz-date": "20130524T000000Z",
                "x-amz-storage-class": "REDUCED_REDUNDANCY", "Content-Length": "21",
                "x-amz-content-sha256": "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072",
                "Authorization": authorization(
                    "date;host;x-amz-content-sha256;x-amz-date;x-amz-storage-class",
                    "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd"
                ),
            ]
        )
        #expect(service.respond(to: head, body: Array("Welcome to Amazon S3.".utf8)).status == 200)
        let other = service.respond(to: head, body: Array("Welcome to Amazon S4.".utf8))
        #expect(code(other) == "XAmzContentSHA256Mismatch")
    }

    @Test(arguments: [
        ("/?lifecycle", "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543", 501),
        ("/?max-keys=2&prefix=J", "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7", 200),
        ("/?max-keys=2&prefix=K", "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7", 403),
    ])
    func acceptsQueries(target: String, signature: String, status: Int) {
        let head = RequestHead(
            method: "GET",
            target: target,
            headers: [
                "Host": Self.host, "x-amz-date": "20130524T000000Z", "x-amz-content-sha256": Self.emptyDigest,
                "Authorization": authorization("host;x-amz-content-sha256;x-amz-date", signature),
            ]
        )
        #expect(service.respond(to: head).status == status)
    }

    @Test(arguments: [(86400, "NoSuchKey"), (86401, "AccessDenied"), (-901, "AccessDenied")] as [(Int64, String)])
    func acceptsPresignedURLs(secondsLater: Int64, expected: String) throws {
        let target =
            "/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256"
            + "&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request"
            + "&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host"
            + "&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404"
        let head = RequestHead(method: "GET", target: target, headers: ["Host": Self.host])
        #expect(code(try Self.makeService(secondsLater: secondsLater).respond(to: head)) == expected)
    }

    // MARK: Refusals

    @Test func refusesAnotherSignature() {
        var head = getObject
        head.headers.replaceOrAdd(name: "Range", value: "bytes=0-8")
        #expect(code(service.respond(to: head)) == "SignatureDoesNotMatch")
    }

    @Test func refusesAnonymousRequests() {
        var head = getObject
        head.headers.remove(name: "Authorization")
        #expect(code(service.respond(to: head)) == "AccessDenied")
    }

    @Test func refusesHeadersThatAreNotSigned() {
        var head = getObject
        head.headers.add(name: "X-Amz-Expected-Bucket-Owner", value: "x")
        let response = service.respond(to: head)
        #expect(code(response) == "AccessDenied")
    }

    @Test func refusesUnknownKeysOtherRegionsAndOldVersions() throws {
        for (from, to, expected) in [
            (Self.keyID, "AKIAUNKNOWN", "InvalidAccessKeyId"),
            ("us-east-1", "eu-west-1", "AuthorizationHeaderMalformed"),
            ("/20130524/", "/20130525/", "AuthorizationHeaderMalformed"),
            ("AWS4-HMAC-SHA256", "AWS", "InvalidRequest"),
        ] {
            var head = getObject
            let value = try #require(head.headers.first(name: "Authorization"))
            head.headers.replaceOrAdd(
                name: "Authorization",
                value: value.split(separator: from, omittingEmptySubsequences: false).joined(separator: to)
            )
            #expect(code(service.respond(to: head)) == expected)
        }
    }

    @Test func namesTheRightRegion() throws {
        let response = try Self.makeService(region: "eu-west-1").respond(to: getObject)
        #expect(response.status == 400)
        #expect(response.headers.first(name: "x-amz-bucket-region") == "eu-west-1")
    }

    @Test(
        arguments: [(900, "NoSuchKey"), (901, "RequestTimeTooSkewed"), (-901, "RequestTimeTooSkewed")]
            as [(Int64, String)]
    )
    func allowsFifteenMinutes(secondsLater: Int64, expected: String) throws {
        #expect(code(try Self.makeService(secondsLater: secondsLater).respond(to: getObject)) == expected)
    }

    @Test func needsTheDigestOfTheBody() {
        var head = getObject
        head.headers.remove(name: "x-amz-content-sha256")
        #expect(code(service.respond(to: head)) == "InvalidRequest")
    }

    @Test func answersHeadWithoutContent() {
        var head = getObject
        head.method = "HEAD"
        let response = service.respond(to: head)
        #expect(response.status == 403)
        #expect(code(response) == nil)
        #expect(response.contentLength == 0)
    }

    // MARK: Chunks

    private static func chunkedHead(trailer: Bool) -> RequestHead {
        var headers: HTTPHeaders = [
            "Host": "s3.amazonaws.com", "x-amz-date": "20130524T000000Z",
            "x-amz-storage-class": "REDUCED_REDUNDANCY", "Content-Encoding": "aws-chunked",
            "x-amz-decoded-content-length": "66560", "Content-Length": "66824",
        ]
        let kind = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"
        headers.add(name: "x-amz-content-sha256", value: trailer ? kind + "-TRAILER" : kind)
        if trailer { headers.add(name: "x-amz-trailer", value: "x-amz-checksum-crc32c") }
        let names =
            trailer
            ? "content-encoding;host;x-amz-content-sha256;x-amz-date;x-amz-decoded-content-length;"
                + "x-amz-storage-class;x-amz-trailer"
            : "content-encoding;content-length;host;x-amz-content-sha256;x-amz-date;x-amz-decoded-content-length;"
                + "x-amz-storage-class"
        let signature =
            trailer
            ? "106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e"
            : "4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9"
        headers.add(
            name: "Authorization",
            value: "AWS4-HMAC-SHA256 Credential=\(keyID)/20130524/us-east-1/s3/aws4_request,"
                + "SignedHeaders=\(names),Signature=\(signature)"
        )
        return RequestHead(method: "PUT", target: "/examplebucket/chunkObject.txt", headers: headers)
    }

    private static func chunks(_ signatures: [String], trailer: String = "") -> [UInt8] {
        var body: [UInt8] = []
        for (size, signature) in zip([65536, 1024, 0], signatures) {
            body += Array("\(String(size, radix: 16));chunk-signature=\(signature)\r\n".utf8)
            body += [UInt8](repeating: UInt8(ascii: "a"), count: size)
            if size > 0 { body += Array("\r\n".utf8) }
        }
        return body + Array("\(trailer)\r\n".utf8)
    }

    private static let chunkSignatures = [
        "ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648",
        "0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497",
        "b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9",
    ]

    @Test func acceptsSignedChunks() throws {
        let head = Self.chunkedHead(trailer: false)
        #expect(service.respond(to: head, body: Self.chunks(Self.chunkSignatures)).status == 200)
        let object = service.store.object(
            ObjectKey(Array("chunkObject.txt".utf8)),
            in: try service.store.bucket("examplebucket")
        )
        #expect(object?.content.size == 66560)
        #expect(object?.attributes.headers.map(\.name) == ["Content-Type"])
    }

    @Test func refusesAChunkWithAnotherSignature() {
        let head = Self.chunkedHead(trailer: false)
        for index in 0..<3 {
            var signatures = Self.chunkSignatures
            signatures[index] = String(signatures[index].reversed())
            #expect(code(service.respond(to: head, body: Self.chunks(signatures))) == "SignatureDoesNotMatch")
        }
        #expect(code(service.respond(to: head, body: Self.chunks(Array(Self.chunkSignatures.dropLast())))) != nil)
    }

    @Test func acceptsASignedTrailer() {
        let signatures = [
            "b474d8862b1487a5145d686f57f013e54db672cee1c953b3010fb58501ef5aa2",
            "1c1344b170168f8e65b41376b44b20fe354e373826ccbbe2c1d40a8cae51e5c7",
            "2ca2aba2005185cf7159c6277faf83795951dd77a3a99e6e65d5c9f85863f992",
        ]
        let trailer = { (signature: String) in
            "x-amz-checksum-crc32c:sOO8/Q==\r\nx-amz-trailer-signature:\(signature)\r\n"
        }
        let right = trailer("d81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435")
        let wrong = trailer("63bddb248ad2590c92712055f51b8e78ab024eead08276b24f010b0efd74843f")
        let head = Self.chunkedHead(trailer: true)
        #expect(service.respond(to: head, body: Self.chunks(signatures, trailer: right)).status == 200)
        #expect(
            code(service.respond(to: head, body: Self.chunks(signatures, trailer: wrong))) == "SignatureDoesNotMatch"
        )
        #expect(code(service.respond(to: head, body: Self.chunks(signatures))) == "SignatureDoesNotMatch")
    }
}
