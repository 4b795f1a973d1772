import Crypto
import Foundation
import NIOHTTP1
import Testing

@testable import LocalS3

@Suite struct ObjectTests {
    private let client: TestClient

    init() throws {
        client = try TestClient()
    }

    @Test func keepsWhatAnObjectCameWith() throws {
        let put = try client.send(
            "PUT",
            "/one/key",
            [
                "Content-Type": "text/plain", "Cache-Control": "no-store", "Content-Encoding": "gzip,aws-chunked",
                "Content-Disposition": "inline", "Content-Language": "de",
                "Expires": "Fri, 24 May 2030 00:00:00 GMT", "X-Amz-Meta-Name": "value",
                "x-amz-storage-class": "STANDARD_IA", "x-amz-tagging": "a=b&c=d+e",
            ],
            text: "hello"
        )
        #expect(put.headers.first(name: "ETag") == "\"5d41402abc4b2a76b9719d911017c592\"")
        for method in ["GET", "HEAD"] {
            let answer = try client.send(method, "/one/key")
            #expect(answer.status == 200)
            #expect(answer.text == (method == "GET" ? "hello" : ""))
            for (name, value) in [
                ("ETag", "\"5d41402abc4b2a76b9719d911017c592\""), ("Content-Type", "text/plain"),
                ("Cache-Control", "no-store"), ("Content-Encoding", "gzip"), ("Content-Disposition", "inline"),
                ("Content-Language", "de"), ("Expires", "Fri, 24 May 2030 00:00:00 GMT"),
                ("x-amz-meta-name", "value"), ("x-amz-storage-class", "STANDARD_IA"), ("x-amz-tagging-count", "2"),
                ("Last-Modified", "Tue, 14 Nov 2023 22:13:20 GMT"), ("Server", "LocalS3"),
            ] { #expect(answer.headers.first(name: name) == value, "\(name)") }
        }
        #expect(try client.list("").element("StorageClass") == "STANDARD_IA")
    }

    @Test func takesKeysAsTheyAre() throws {
        let keys = [
            "/", "//", "a//b", "/a", "../a", "a/./b", "a/", "a\tb", "\u{1}", "a?b", "é",
            String(repeating: "k", count: 1024),
        ]
        for key in keys { try client.put(key) }
        for key in keys {
            var target = Array("/one/".utf8)
            PercentCoding.appendCanonical(key.utf8, keepingSlash: false, to: &target)
            #expect(try client.send("GET", String(decoding: target, as: UTF8.self)).text == key)
        }
        #expect(try client.list("").element("KeyCount") == String(keys.count))
        let long = String(repeating: "k", count: 1025)
        #expect(try client.send("PUT", "/one/\(long)").element("Code") == "KeyTooLongError")
        #expect(try client.send("PUT", "/one/%FF").element("Code") == "InvalidURI")
    }

    @Test(
        arguments: [
            ("bytes=0-1", 206, "he"), ("bytes=3-", 206, "lo"), ("bytes=-2", 206, "lo"), ("bytes=-9", 206, "hello"),
            ("bytes=4-99", 206, "o"), ("bytes=5-", 416, nil), ("bytes=-0", 416, nil), ("bytes=3-2", 200, "hello"),
            ("bytes=0-1,3-4", 200, "hello"), ("lines=1-2", 200, "hello"), ("bytes=a-b", 200, "hello"),
        ] as [(String, Int, String?)]
    )
    func readsRanges(range: String, status: Int, content: String?) throws {
        try client.put("hello")
        let answer = try client.send("GET", "/one/hello", ["Range": range])
        #expect(answer.status == status)
        if let content { #expect(answer.text == content) }
        if status == 206 { #expect(answer.headers.first(name: "Content-Range")?.hasSuffix("/5") == true) }
        if status == 416 { #expect(answer.element("Code") == "InvalidRange") }
    }

    @Test(
        arguments: [
            (["If-Match": "\"5d41402abc4b2a76b9719d911017c592\""], 200), (["If-Match": "*"], 200),
            (["If-Match": "\"x\", 5d41402abc4b2a76b9719d911017c592"], 200), (["If-Match": "\"x\""], 412),
            (["If-None-Match": "\"5d41402abc4b2a76b9719d911017c592\""], 304), (["If-None-Match": "\"x\""], 200),
            (["If-Modified-Since": "Tue, 14 Nov 2023 22:13:20 GMT"], 304),
            (["If-Modified-Since": "Tue, 14 Nov 2023 22:13:19 GMT"], 200),
            (["If-Unmodified-Since": "Tue, 14 Nov 2023 22:13:19 GMT"], 412),
            (["If-Unmodified-Since": "Tue, 14 Nov 2023 22:13:20 GMT"], 200),
            (["If-Match": "*", "If-Unmodified-Since": "Tue, 14 Nov 2023 22:13:19 GMT"], 200),
            (["If-None-Match": "\"x\"", "If-Modified-Since": "Tue, 14 Nov 2023 22:13:20 GMT"], 200),
        ] as [(HTTPHeaders, Int)]
    )
    func honoursConditionsOnReading(headers: HTTPHeaders, status: Int) throws {
        try client.put("hello")
        for method in ["GET", "HEAD"] {
            let answer = try client.send(method, "/one/hello", headers)
            #expect(answer.status == status)
            if status == 304 { #expect(answer.headers.contains(name: "ETag")) }
        }
    }

    @Test func honoursConditionsOnWriting() throws {
        #expect(try client.send("PUT", "/one/a", ["If-Match": "*"]).element("Code") == "NoSuchKey")
        #expect(try client.send("PUT", "/one/a", ["If-None-Match": "*"]).status == 200)
        #expect(try client.send("PUT", "/one/a", ["If-None-Match": "*"]).element("Code") == "PreconditionFailed")
        #expect(try client.send("PUT", "/one/a", ["If-Match": "\"x\""]).element("Code") == "PreconditionFailed")
        #expect(try client.send("PUT", "/one/a", ["If-Match": "*"], text: "new").status == 200)
        #expect(try client.send("GET", "/one/a").text == "new")
    }

    @Test(
        arguments: [
            (["Content-MD5": "XUFAKrxLKna5cZ2REBfFkg=="], nil),
            (["Content-MD5": "1B2M2Y8AsgTpgAmY7PhCfg=="], "BadDigest"),
            (["Content-MD5": "x"], "InvalidDigest"),
            (["x-amz-checksum-crc32": "NhCmhg=="], nil), (["x-amz-checksum-crc32": "NhCmhw=="], "BadDigest"),
            (["x-amz-checksum-crc32c": "mnG7TA=="], nil), (["x-amz-checksum-crc32c": "AAAAAA=="], "BadDigest"),
            (["x-amz-checksum-sha1": "qvTGHdzF6KLavt4PO0gs2a6pQ00="], nil),
            (["x-amz-checksum-sha256": "LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ="], nil),
            (["x-amz-checksum-sha256": "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="], "BadDigest"),
            (["x-amz-checksum-crc32": "NhCmhg==", "x-amz-checksum-crc32c": "mnG7TA=="], "InvalidRequest"),
            (["x-amz-checksum-md5": "XUFAKrxLKna5cZ2REBfFkg=="], "NotImplemented"),
            (["Content-Length": "6"], "IncompleteBody"), (["Content-Length": "4"], "IncompleteBody"),
            (["Content-Length": "536870913"], "EntityTooLarge"), (["Content-Length": "x"], "MissingContentLength"),
            (["x-amz-content-sha256": "x"], "InvalidArgument"),
            (["x-amz-acl": "public-read"], "AccessControlListNotSupported"),
            (["x-amz-acl": "private"], nil), (["x-amz-storage-class": "X"], "InvalidStorageClass"),
            (["x-amz-server-side-encryption": "aws:kms"], "NotImplemented"),
            (["x-amz-meta-large": String(repeating: "v", count: 2044)], "MetadataTooLarge"),
            (["x-amz-tagging": "a=1&a=2"], "InvalidTag"), (["x-amz-tagging": "=1"], "InvalidTag"),
            (["x-amz-tagging": (0...10).map { "k\($0)=v" }.joined(separator: "&")], "BadRequest"),
        ] as [(HTTPHeaders, String?)]
    )
    func checksWhatTheRequestSays(headers: HTTPHeaders, code: String?) throws {
        let answer = try client.send("PUT", "/one/key", headers, text: "hello")
        #expect(answer.element("Code") == code)
        #expect(try client.send("HEAD", "/one/key").status == (code == nil ? 200 : 404))
    }

    @Test func computesTheChecksumsThatTheReferenceGives() {
        // "123456789", the check value that the catalogues of CRCs list.
        for (algorithm, expected) in [
            (CyclicRedundancyCheck.Polynomial.crc32, "cbf43926"), (.crc32c, "e3069283"),
            (.crc64nvme, "ae8b14860a799888"),
        ] {
            var check = CyclicRedundancyCheck(algorithm)
            Array("123456789".utf8).withUnsafeBytes { check.update($0) }
            #expect(ByteText.hex(check.finalize()) == expected)
        }
    }

    @Test func takesChunksWithATrailer() throws {
        let body = { (checksum: String) in "5\r\nhello\r\n0\r\nx-amz-checksum-crc32:\(checksum)\r\n\r\n" }
        let headers: HTTPHeaders = [
            "x-amz-content-sha256": "STREAMING-UNSIGNED-PAYLOAD-TRAILER", "Content-Encoding": "aws-chunked",
            "x-amz-trailer": "x-amz-checksum-crc32", "x-amz-decoded-content-length": "5",
            "Transfer-Encoding": "chunked",
        ]
        #expect(try client.send("PUT", "/one/a", headers, text: body("NhCmhg==")).status == 200)
        #expect(try client.send("PUT", "/one/b", headers, text: body("NhCmhw==")).element("Code") == "BadDigest")
        let answer = try client.send("GET", "/one/a", ["x-amz-checksum-mode": "ENABLED"])
        #expect(answer.text == "hello")
        #expect(answer.headers.first(name: "x-amz-checksum-crc32") == "NhCmhg==")
        #expect(!answer.headers.contains(name: "Content-Encoding"))
    }

    @Test func deletesWhatIsThereAndWhatIsNot() throws {
        try client.put("a", "b", "c&d", "é")
        #expect(try client.send("DELETE", "/one/a").status == 204)
        #expect(try client.send("DELETE", "/one/a").status == 204)
        let document =
            "<Delete><Object><Key>b</Key></Object><Object><Key>c&amp;d</Key></Object>"
            + "<Object><Key>none</Key></Object><Object><Key>é</Key><VersionId>1</VersionId></Object></Delete>"
        let without = try client.send("POST", "/one?delete", text: document)
        #expect(without.element("Code") == "InvalidRequest")
        let answer = try client.send("POST", "/one?delete", ["Content-MD5": md5(document)], text: document)
        #expect(answer.elements("Deleted") == ["<Key>b</Key>", "<Key>c&amp;d</Key>", "<Key>none</Key>"])
        #expect(answer.element("Error")?.contains("NoSuchVersion") == true)
        #expect(try client.list("").elements("Key") == ["é"])
        let quiet = "<Delete><Quiet>true</Quiet><Object><Key>é</Key></Object></Delete>"
        let silent = try client.send("POST", "/one?delete", ["Content-MD5": md5(quiet)], text: quiet)
        #expect(silent.elements("Deleted") == [])
        #expect(try client.list("").elements("Key") == [])
    }

    @Test(arguments: [
        "", "<Delete>", "<Delete/>", "<Other><Object><Key>a</Key></Object></Other>", "<Delete><Object/></Delete>",
    ])
    func refusesOtherDocuments(document: String) throws {
        let answer = try client.send("POST", "/one?delete", ["Content-MD5": md5(document)], text: document)
        #expect(answer.element("Code") == "MalformedXML")
    }

    private func md5(_ text: String) -> String {
        Data(Insecure.MD5.hash(data: Array(text.utf8))).base64EncodedString()
    }

    @Test func setsTags() throws {
        try client.put("a")
        let tags = "<Tagging><TagSet><Tag><Key>k</Key><Value>v w</Value></Tag></TagSet></Tagging>"
        #expect(try client.send("PUT", "/one/a?tagging", text: tags).status == 200)
        #expect(try client.send("GET", "/one/a?tagging").element("Value") == "v w")
        #expect(try client.send("HEAD", "/one/a").headers.first(name: "x-amz-tagging-count") == "1")
        #expect(try client.send("DELETE", "/one/a?tagging").status == 204)
        #expect(try client.send("GET", "/one/a?tagging").elements("Tag") == [])
        #expect(try client.send("GET", "/one/none?tagging").element("Code") == "NoSuchKey")
        #expect(try client.send("PUT", "/one/a?tagging", text: "<Tagging/>").element("Code") == "MalformedXML")
    }
}
