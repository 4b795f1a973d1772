import NIOHTTP1
import Testing

@testable import LocalS3

@Suite struct BucketTests {
    private let client: TestClient

    init() throws {
        client = try TestClient()
    }

    @Test func comesAndGoes() throws {
        #expect(try client.send("PUT", "/three").status == 200)
        #expect(try client.send("PUT", "/three").element("Code") == "BucketAlreadyOwnedByYou")
        #expect(try client.send("GET", "/").elements("Name") == ["one", "three", "two"])
        let head = try client.send("HEAD", "/three")
        #expect(head.status == 200)
        #expect(head.headers.first(name: "x-amz-bucket-region") == "us-east-1")
        #expect(try client.send("GET", "/three?location").text.contains("<LocationConstraint xmlns="))
        try client.put("a", bucket: "three")
        #expect(try client.send("DELETE", "/three").element("Code") == "BucketNotEmpty")
        try client.send("DELETE", "/three/a")
        #expect(try client.send("DELETE", "/three").status == 204)
        #expect(try client.send("DELETE", "/three").element("Code") == "NoSuchBucket")
        #expect(try client.send("HEAD", "/three").status == 404)
        #expect(try client.send("PUT", "/three/a").element("Code") == "NoSuchBucket")
    }

    @Test func isInTheServersRegion() throws {
        let document = { (region: String) in
            "<CreateBucketConfiguration><LocationConstraint>\(region)</LocationConstraint></CreateBucketConfiguration>"
        }
        #expect(
            try client.send("PUT", "/three", text: document("eu-west-1")).element("Code") == "InvalidLocationConstraint"
        )
        #expect(try client.send("PUT", "/three", text: "<x/>").element("Code") == "MalformedXML")
        #expect(try client.send("PUT", "/three", text: document("us-east-1")).status == 200)
    }

    @Test(arguments: [
        "ab", "A-bucket", "-ab", "ab-", "a..b", "a_b", "192.168.1.1", "xn--abc", "abc-s3alias",
        String(repeating: "a", count: 64),
    ])
    func refusesOtherNames(name: String) throws {
        #expect(try client.send("PUT", "/\(name)").element("Code") == "InvalidBucketName")
        #expect(try client.send("GET", "/\(name)?list-type=2").element("Code") == "InvalidBucketName")
    }

    @Test(arguments: [
        ("one.localhost:9000", "/hello", "NoSuchKey"), ("one.s3.eu-west-1.amazonaws.com", "/hello", "NoSuchKey"),
        ("three.localhost", "/hello", "NoSuchBucket"), ("localhost:9000", "/one/hello", "NoSuchKey"),
        ("127.0.0.1:9000", "/one/hello", "NoSuchKey"), ("s3.amazonaws.com", "/one/hello", "NoSuchKey"),
        ("a.b.one.localhost", "/hello", "NoSuchBucket"), ("[::1]:9000", "/one/hello", "NoSuchKey"),
    ])
    func isNamedByPathOrHost(host: String, target: String, code: String) throws {
        #expect(try client.send("GET", target, ["Host": host]).element("Code") == code)
    }

    @Test func takesAKeyAfterTheHostAsItIs() throws {
        #expect(try client.send("PUT", "//one//x", ["Host": "one.localhost"]).status == 200)
        #expect(try client.list("").elements("Key") == ["/one//x"])
    }

    @Test(arguments: [
        ("GET", "/one?acl", "NotImplemented"), ("PUT", "/one?versioning", "NotImplemented"),
        ("GET", "/one/a?acl", "NotImplemented"), ("PUT", "/one/a?acl", "NotImplemented"),
        ("GET", "/one/a?versionId=1", "NoSuchVersion"), ("POST", "/one/a?select&select-type=2", "NotImplemented"),
        ("POST", "/one", "MethodNotAllowed"), ("PATCH", "/one/a", "MethodNotAllowed"),
        ("PUT", "/", "MethodNotAllowed"), ("OPTIONS", "*", "InvalidURI"), ("GET", "http://one/a", "InvalidURI"),
        ("PUT", "/one/a?partNumber=1", "NotImplemented"), ("DELETE", "/one?delete", "NotImplemented"),
    ])
    func neverAnswersWithSuccessWhatItDoesNotUnderstand(method: String, target: String, code: String) throws {
        #expect(try client.send(method, target).element("Code") == code)
    }
}
