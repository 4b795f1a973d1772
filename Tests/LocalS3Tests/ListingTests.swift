import Synchronization
import Testing

@testable import LocalS3

@Suite struct ListingTests {
    private let client: TestClient

    init() throws {
        client = try TestClient()
    }

    private func keysOf(_ query: String) throws -> [String] { try client.list(query).elements("Key") }

    private func prefixesOf(_ query: String) throws -> [String] {
        try client.list(query).elements("CommonPrefixes").map { String($0.dropFirst(8).dropLast(9)) }
    }

    @Test func isInTheOrderOfBytes() throws {
        // U+FF5E sorts below U+1F600 as bytes and as scalars, above it as UTF-16; composed and decomposed differ.
        let keys = ["\u{1F600}", "e\u{301}", "é", "a b", "Z", "z", "a/b", "a//b", "\u{FF5E}", "/", "a"]
        for key in keys { try client.put(key) }
        #expect(try keysOf("") == keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) })
        #expect(try client.list("").element("KeyCount") == String(keys.count))
    }

    @Test func startsAboveStartAfter() throws {
        try client.put("a", "b", "b/", "c")
        #expect(try keysOf("start-after=b") == ["b/", "c"])
        #expect(try keysOf("start-after=aa") == ["b", "b/", "c"])
        #expect(try keysOf("start-after=%20") == ["a", "b", "b/", "c"])
        #expect(try keysOf("start-after=c") == [])
        #expect(try keysOf("prefix=b&start-after=a") == ["b", "b/"])
        #expect(try keysOf("prefix=b&start-after=b") == ["b/"])
        #expect(try keysOf("prefix=b&start-after=c") == [])
    }

    @Test(arguments: 1...6, ["", "&delimiter=%2F", "&prefix=d", "&delimiter=%2F&prefix=d/", "&encoding-type=url"])
    func pagesAddUpToTheWhole(size: Int, query: String) throws {
        try client.put("a", "b/1", "b/2", "b//3", "c+d", "d/", "d/1/x", "d/1/y", "d/2", "e f")
        let whole = try client.list("x-id=x\(query)")
        #expect(whole.element("IsTruncated") == "false")
        var keys: [String] = []
        var prefixes: [String] = []
        var token: String?
        repeat {
            var page = "max-keys=\(size)\(query)"
            // The bound below the token is passed over.
            if let token { page += "&start-after=zzz&continuation-token=\(escaped(token))" }
            let answer = try client.list(page)
            let count = answer.elements("Key").count + answer.elements("CommonPrefixes").count
            #expect(answer.element("KeyCount") == String(count))
            #expect((1...size).contains(count))
            keys += answer.elements("Key")
            prefixes += answer.elements("CommonPrefixes")
            token = answer.element("NextContinuationToken")
            #expect(answer.element("IsTruncated") == (token == nil ? "false" : "true"))
        } while token != nil
        #expect(keys == whole.elements("Key"))
        #expect(prefixes == whole.elements("CommonPrefixes"))
    }

    private func escaped(_ text: String) -> String {
        var bytes: [UInt8] = []
        PercentCoding.appendCanonical(text.utf8, keepingSlash: false, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test func rollsUpAtTheDelimiter() throws {
        try client.put("a", "b/1", "b/2", "b0", "c/d/e", "/x", "y--z--1")
        #expect(try keysOf("delimiter=%2F") == ["a", "b0", "y--z--1"])
        #expect(try prefixesOf("delimiter=%2F") == ["/", "b/", "c/"])
        #expect(try prefixesOf("delimiter=%2F&prefix=c/") == ["c/d/"])
        #expect(try keysOf("delimiter=%2F&prefix=b/") == ["b/1", "b/2"])
        #expect(try prefixesOf("delimiter=--") == ["y--"])
        #expect(try prefixesOf("delimiter=%2F&start-after=b/1") == ["c/"])
        #expect(try prefixesOf("delimiter=%2F&start-after=b") == ["b/", "c/"])
    }

    @Test func encodesOnlyWhenAsked() throws {
        try client.put("a b+c%2F&<>\"'*~é/d\u{1}")
        #expect(try keysOf("encoding-type=url") == ["a+b%2Bc%252F%26%3C%3E%22%27*%7E%C3%A9/d%01"])
        #expect(try keysOf("") == ["a b+c%2F&amp;&lt;&gt;&quot;'*~é/d&#x1;"])
        let answer = try client.list("encoding-type=url&prefix=a%20b&delimiter=%26&start-after=%20")
        #expect(answer.element("StartAfter") == "+")
        #expect(answer.element("Delimiter") == "%26")
        #expect(answer.elements("Prefix") == ["a+b", "a+b%2Bc%252F%26"])
    }

    @Test func refusesWhatItDoesNotUnderstand() throws {
        for (query, code) in [
            ("max-keys=-1", "InvalidArgument"), ("max-keys=x", "InvalidArgument"),
            ("encoding-type=base64", "InvalidArgument"), ("continuation-token=xyz", "InvalidArgument"),
            ("continuation-token=", "InvalidArgument"), ("start-after=%FF", "InvalidURI"), ("prefix=%G0", "InvalidURI"),
            ("versions", "NotImplemented"), ("unheard-of=1", "NotImplemented"),
        ] {
            let answer = try client.list(query)
            #expect(answer.element("Code") == code, "\(query)")
        }
        #expect(try client.send("GET", "/none-such?list-type=2").element("Code") == "NoSuchBucket")
    }

    @Test func boundsAPage() throws {
        for number in 0..<1005 { try client.put("\(number)") }
        #expect(try keysOf("max-keys=5000").count == 1000)
        let none = try client.list("max-keys=0")
        #expect(none.element("KeyCount") == "0")
        #expect(none.element("IsTruncated") == "false")
        try client.service.faults.withLock {
            $0.faults.shortPageMaximum = 7
            try $0.faults.validate()
        }
        let short = try client.list("")
        #expect(short.element("KeyCount") == "7")
        #expect(short.element("IsTruncated") == "true")
    }

    @Test func firstVersionGoesOnFromAMarker() throws {
        try client.put("a", "b/1", "b/2", "c")
        let first = try client.send("GET", "/one?delimiter=%2F&max-keys=2")
        #expect(first.elements("Key") == ["a"])
        #expect(first.element("NextMarker") == "b/")
        let second = try client.send("GET", "/one?delimiter=%2F&marker=b/")
        #expect(second.elements("Key") == ["c"])
        #expect(second.elements("CommonPrefixes") == [])
        #expect(try client.send("GET", "/one?max-keys=1").element("NextMarker") == nil)
        #expect(try client.send("GET", "/one?start-after=a").status == 501)
    }

    @Test func tokensAreChecked() throws {
        let token = ContinuationToken.encode(after: Array("key".utf8))
        #expect(try ContinuationToken.decode(token) == Array("key".utf8))
        for wrong in [String(token.dropLast()), "2" + token.dropFirst(), token + "A", ""] {
            #expect(throws: S3Error.self) { try ContinuationToken.decode(wrong) }
        }
    }
}
