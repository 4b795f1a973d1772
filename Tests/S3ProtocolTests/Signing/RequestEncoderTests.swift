import Testing

@testable import S3Protocol

/// The signatures are those of the S3 API reference, "Signature Calculations for the Authorization Header: Transferring
/// Payload in a Single Chunk (AWS Signature Version 4)".
@Suite("Requests as they are written and signed")
struct RequestEncoderTests {
    private let credentials = Credentials(
        accessKeyID: "AKIAIOSFODNN7EXAMPLE",
        secretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
    )
    private let bucket: BucketName
    private let published: RequestTarget
    private let time: UTCTime
    private var encoder = RequestEncoder(userAgent: "test/1")

    init() throws {
        bucket = try BucketName("examplebucket")
        published = RequestTarget(
            endpoint: try Endpoint(url: "https://s3.amazonaws.com"),
            addressing: .virtualHost,
            region: "us-east-1"
        )
        time = try #require(UTCTime(year: 2013, month: 5, day: 24, hour: 0, minute: 0, second: 0))
    }

    private mutating func write(_ request: S3Request, to target: RequestTarget? = nil) -> WrittenRequest {
        WrittenRequest(request, to: target ?? published, credentials: credentials, at: time, with: &encoder)
    }

    // MARK: The published examples

    @Test("GET object")
    mutating func getObject() {
        let written = write(.getObject(bucket, ObjectKey("test.txt"), range: 0...9))
        #expect(written.line == "GET /test.txt HTTP/1.1")
        #expect(written.field("host") == "examplebucket.s3.amazonaws.com")
        #expect(
            written.field("authorization")
                == "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request, "
                + "SignedHeaders=host;range;x-amz-content-sha256;x-amz-date, "
                + "Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"
        )
        #expect(written.field("x-amz-date") == "20130524T000000Z")
    }

    @Test("PUT object")
    mutating func putObject() {
        let written = write(
            .putObject(
                bucket,
                ObjectKey("test$file.text"),
                payload: .signed(Array("Welcome to Amazon S3.".utf8)),
                headers: [
                    S3Request.Header("x-amz-storage-class", "REDUCED_REDUNDANCY"),
                    S3Request.Header("date", "Fri, 24 May 2013 00:00:00 GMT"),
                ]
            )
        )
        #expect(written.line == "PUT /test%24file.text HTTP/1.1")
        #expect(written.signature == "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd")
        #expect(written.field("content-length") == "21")
        #expect(written.body == Array("Welcome to Amazon S3.".utf8))
    }

    @Test("GET a bucket's life cycle")
    mutating func getLifecycle() {
        let request = S3Request(.getBucketLocation, method: .get, bucket: bucket, query: [.init("lifecycle")])
        let written = write(request)
        #expect(written.line == "GET /?lifecycle= HTTP/1.1")
        #expect(written.signature == "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543")
    }

    @Test("GET a bucket's objects, with the query in another order than it is signed in")
    mutating func listObjects() {
        let request = S3Request(
            .listObjectsV2,
            method: .get,
            bucket: bucket,
            query: [.init("prefix", "J"), .init("max-keys", "2")]
        )
        let written = write(request)
        #expect(written.line == "GET /?max-keys=2&prefix=J HTTP/1.1")
        #expect(written.signature == "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7")
    }

    // MARK: The signing key's memory

    @Test("an encoder that wrote other requests before writes the same as a new one")
    mutating func reuse() throws {
        let request = S3Request.getObject(bucket, ObjectKey("test.txt"), range: 0...9)
        let expected = "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"
        #expect(write(request).signature == expected)
        var signatures = Set([expected])
        func other(_ target: RequestTarget, _ credentials: Credentials, _ time: UTCTime) {
            let written = WrittenRequest(request, to: target, credentials: credentials, at: time, with: &encoder)
            var fresh = RequestEncoder(userAgent: "test/1")
            let anew = WrittenRequest(request, to: target, credentials: credentials, at: time, with: &fresh)
            #expect(written.field("authorization") == anew.field("authorization"))
            #expect(written.field("x-amz-date") == anew.field("x-amz-date"))
            signatures.insert(written.signature ?? "none")
        }
        other(published, credentials, time.advanced(by: .seconds(1)))
        other(published, credentials, time.advanced(by: .seconds(86_400)))
        other(
            RequestTarget(endpoint: published.endpoint, addressing: .virtualHost, region: "eu-west-1"),
            credentials,
            time
        )
        other(published, Credentials(accessKeyID: credentials.accessKeyID, secretAccessKey: "other"), time)
        other(
            published,
            Credentials(
                accessKeyID: credentials.accessKeyID,
                secretAccessKey: credentials.secretAccessKey,
                sessionToken: "token"
            ),
            time
        )
        #expect(signatures.count == 6, "each of these enters the signature")
        #expect(write(request).signature == expected)
    }

    // MARK: What is sent

    @Test("anonymous requests carry neither signature nor date")
    mutating func anonymous() {
        let request = S3Request.headObject(bucket, ObjectKey("a b"))
        let written = WrittenRequest(request, to: published, credentials: nil, at: time, with: &encoder)
        #expect(written.line == "HEAD /a%20b HTTP/1.1")
        #expect(written.fields.map(\.name) == ["host", "user-agent"])
    }

    @Test("a session token is sent and signed")
    mutating func sessionToken() {
        var credentials = credentials
        credentials.sessionToken = "to/ken+="
        let request = S3Request.headObject(bucket, ObjectKey("a"))
        let written = WrittenRequest(request, to: published, credentials: credentials, at: time, with: &encoder)
        #expect(written.field("x-amz-security-token") == "to/ken+=")
        #expect(written.field("authorization")?.contains(";x-amz-security-token,") == true)
    }

    @Test("what is written follows what the buffer holds")
    mutating func appends() {
        var output = Array("before ".utf8)
        encoder.encode(.listBuckets(), to: published, credentials: nil, at: time, into: &output)
        #expect(
            String(decoding: output, as: UTF8.self)
                == "before GET / HTTP/1.1\r\nhost: s3.amazonaws.com\r\nuser-agent: test/1\r\n\r\n"
        )
    }

    @Test("a payload is declared by its hash, or as unsigned; only PUT and POST have a length")
    mutating func payloads() {
        let key = ObjectKey("k")
        let emptyHash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        let empty = write(.putObject(bucket, key, payload: .none))
        #expect(empty.field("x-amz-content-sha256") == emptyHash)
        #expect(empty.field("content-length") == "0")
        let signed = write(.putObject(bucket, key, payload: .signed([])))
        #expect(signed.field("x-amz-content-sha256") == emptyHash)
        let unsigned = write(.putObject(bucket, key, payload: .unsigned([1, 2])))
        #expect(unsigned.field("x-amz-content-sha256") == "UNSIGNED-PAYLOAD")
        #expect(unsigned.field("content-length") == "2")
        #expect(unsigned.body == [1, 2])
        #expect(write(.deleteObject(bucket, key)).field("content-length") == nil)
        #expect(write(.deleteObjects(bucket, [key])).field("content-length") != nil)
    }

    @Test(
        "the bucket stands in the path or in the host, behind whatever path the endpoint has",
        arguments: [
            ("https://s3.example.com", RequestTarget.Addressing.path, "/examplebucket/k", "s3.example.com"),
            ("https://s3.example.com", .virtualHost, "/k", "examplebucket.s3.example.com"),
            ("http://[::1]:9000/s3/", .path, "/s3/examplebucket/k", "[::1]:9000"),
            ("http://localhost:9000/s3", .virtualHost, "/s3/k", "examplebucket.localhost:9000"),
        ]
    )
    mutating func addressing(
        url: String,
        addressing: RequestTarget.Addressing,
        path: String,
        host: String
    ) throws {
        let target = RequestTarget(endpoint: try Endpoint(url: url), addressing: addressing, region: "us-east-1")
        let written = write(.deleteObject(bucket, ObjectKey("k")), to: target)
        #expect(written.line == "DELETE \(path) HTTP/1.1")
        #expect(written.field("host") == host)
    }

    @Test(
        "keys are encoded byte by byte and never normalised",
        arguments: [
            ("/a//b/", "//a//b/"), ("../a/./b", "/../a/./b"), ("a+b c%2F", "/a%2Bb%20c%252F"),
            ("\u{E9}", "/%C3%A9"), ("e\u{301}", "/e%CC%81"), ("~-._", "/~-._"), ("\u{1}\u{7F}", "/%01%7F"),
            ("a?b#c&d=e", "/a%3Fb%23c%26d%3De"),
        ]
    )
    mutating func keys(key: String, path: String) {
        #expect(write(.headObject(bucket, ObjectKey(key))).line == "HEAD \(path) HTTP/1.1")
    }

    @Test("a copy names its source encoded, with a slash in front, and the ETag it must still have in quotes")
    mutating func copySource() {
        let written = write(
            .copyObject(
                from: bucket,
                ObjectKey("a+b/c"),
                to: bucket,
                ObjectKey("d"),
                ifSourceMatches: Array("e1".utf8)[...]
            )
        )
        #expect(written.line == "PUT /d HTTP/1.1")
        #expect(written.field("x-amz-copy-source") == "/examplebucket/a%2Bb/c")
        #expect(written.field("x-amz-copy-source-if-match") == "\"e1\"")
        #expect(written.field("authorization")?.contains("x-amz-copy-source;x-amz-copy-source-if-match;") == true)
    }

    @Test("a listing asks for URL-encoded keys, and for nothing that is the default")
    mutating func listing() {
        #expect(write(.listObjectsV2(bucket)).line == "GET /?encoding-type=url&list-type=2 HTTP/1.1")
        let all = write(
            .listObjectsV2(
                bucket,
                prefix: Array("a/".utf8),
                startAfter: ObjectKey([0x61, 0x2F, 0xFF]),
                continuationToken: Array("t+/=".utf8),
                delimiter: Array("/".utf8),
                maximumKeys: 1
            )
        )
        #expect(
            all.line
                == "GET /?continuation-token=t%2B%2F%3D&delimiter=%2F&encoding-type=url&list-type=2&max-keys=1&prefix=a%2F"
                + "&start-after=a%2F%FF HTTP/1.1"
        )
    }

    @Test("a bucket is made where the region says, which us-east-1 leaves unsaid")
    mutating func createBucket() {
        #expect(write(.createBucket(bucket, region: "us-east-1")).body.isEmpty)
        #expect(
            String(decoding: write(.createBucket(bucket, region: "eu-west-1")).body, as: UTF8.self)
                == "<CreateBucketConfiguration xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">"
                + "<LocationConstraint>eu-west-1</LocationConstraint></CreateBucketConfiguration>"
        )
    }

    @Test("a batch deletion is quiet and carries its digest")
    mutating func deleteObjects() {
        let written = write(.deleteObjects(bucket, [ObjectKey("a&b"), ObjectKey("c\n")]))
        #expect(written.line == "POST /?delete= HTTP/1.1")
        #expect(
            String(decoding: written.body, as: UTF8.self)
                == "<Delete xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Quiet>true</Quiet>"
                + "<Object><Key>a&amp;b</Key></Object><Object><Key>c&#10;</Key></Object></Delete>"
        )
        // printf '%s' BODY | openssl md5 -binary | base64
        #expect(written.field("content-md5") == "b6BOWD8Ti35cxCSIOD+g1A==")
    }

    @Test("credentials show their identifier and nothing else")
    func secrets() {
        let credentials = Credentials(accessKeyID: "ID", secretAccessKey: "SECRET", sessionToken: "TOKEN")
        for text in ["\(credentials)", String(reflecting: credentials)] {
            #expect(text == "Credentials(ID)")
        }
    }
}
