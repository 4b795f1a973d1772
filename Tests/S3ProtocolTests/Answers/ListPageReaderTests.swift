import TestSupport
import Testing

@testable import S3Protocol

@Suite("Pages of a listing")
struct ListPageReaderTests {
    private func page(_ pieces: [[UInt8]]) throws -> ListPage {
        var reader = ListPageReader()
        for piece in pieces { try reader.read(piece.span) }
        return try reader.finish()
    }

    private func page(_ text: String) throws -> ListPage { try page([Array(text.utf8)]) }

    private func rows(_ page: ListPage) -> [String] {
        page.map { object in
            let etag = String(decoding: object.etag, as: UTF8.self)
            let time = object.lastModified.map { String($0.secondsSinceEpoch) } ?? "-"
            return "\(object.key) \(object.size) \(etag) \(time) \(object.storageClass?.description ?? "-")"
        }
    }

    /// A page with these elements in it.
    private func document(_ content: String, isTruncated: String = "<IsTruncated>false</IsTruncated>") -> String {
        "<ListBucketResult>\(isTruncated)\(content)</ListBucketResult>"
    }

    private func object(_ key: String, size: String = "<Size>1</Size>") -> String {
        "<Contents><Key>\(key)</Key>\(size)</Contents>"
    }

    // MARK: Pages of real servers

    @Test("a page of Amazon S3")
    func amazon() throws {
        let page = try page(ListPageSamples.amazon)
        #expect(
            rows(page) == [
                "a b+c%/\u{E9} 434234 fba9dede5f27731c9771645a39863328 1255369830 STANDARD",
                "folder/ 0 d41d8cd98f00b204e9800998ecf8427e 1255369830 GLACIER",
                "big 53687091200 9b2cf535f27731c974343645a3985328-8192 1255369830 STANDARD",
            ]
        )
        #expect(page.isTruncated)
        #expect(page.nextContinuationToken == Array("1ueGcxLPRx1Tr/XYExHnhbYLgveDs2J/wm36Hy4vbOwM=".utf8))
        #expect(page.commonPrefixes.map(\.description) == ["photos 2006/", "photos+2007/"])
    }

    @Test("a page of MinIO's form")
    func minio() throws {
        let page = try page(ListPageSamples.minio)
        #expect(rows(page) == ["a&b<c>\"d' 5 5d41402abc4b2a76b9719d911017c592 1704164645 STANDARD"])
        #expect(!page.isTruncated)
        #expect(page.nextContinuationToken == nil)
    }

    private static let hello = "5 5d41402abc4b2a76b9719d911017c592 1795472642 STANDARD"
    private static let empty = "0 d41d8cd98f00b204e9800998ecf8427e 1795472642 STANDARD"

    @Test("a page of SeaweedFS, with times to the second")
    func seaweedFS() throws {
        let page = try page(ListPageSamples.seaweedFS)
        #expect(rows(page) == ["a b+c%/\u{E9} \(Self.hello)", "folder/ \(Self.empty)"])
        #expect(page.isTruncated)
        #expect(page.nextContinuationToken == Array("folder/".utf8))
    }

    @Test("a page of moto, the last of its listing")
    func moto() throws {
        let page = try page(ListPageSamples.moto)
        #expect(
            rows(page) == [
                "a b+c%/\u{E9} \(Self.hello)", "folder/ \(Self.empty)", "p/1 \(Self.hello)", "x&y<z>\"q' \(Self.hello)",
            ]
        )
        #expect(!page.isTruncated)
        #expect(page.nextContinuationToken == nil)
    }

    @Test("a page of rclone's server, indented, with ETags unquoted and common prefixes first")
    func rclone() throws {
        let page = try page(ListPageSamples.rclone)
        #expect(rows(page) == ["folder \(Self.empty)"])
        #expect(page.commonPrefixes.map(\.description) == ["a b+c%/", "p/"])
        #expect(page.nextContinuationToken == Array("cC8=".utf8))
    }

    @Test("a bucket that is empty has a page too")
    func emptyBucket() throws {
        let page = try page(document(""))
        #expect(page.isEmpty)
        #expect(!page.isTruncated)
    }

    @Test(
        "the pieces in which a page arrives make no difference",
        arguments: [ListPageSamples.amazon, ListPageSamples.seaweedFS]
    )
    func pieces(text: String) throws {
        let bytes = Array(text.utf8)
        let expected = rows(try page([bytes]))
        for cut in 0...bytes.count {
            #expect(rows(try page([Array(bytes[..<cut]), Array(bytes[cut...])])) == expected, "cut at \(cut)")
        }
        #expect(rows(try page(bytes.map { [$0] })) == expected)
    }

    @Test("a page that is cut off anywhere is none", arguments: ListPageSamples.all)
    func truncated(text: String) throws {
        let bytes = Array(text.utf8)
        let end = try #require(bytes.lastIndex(of: UInt8(ascii: ">")))
        #expect(throws: Never.self) { try page([Array(bytes[...end])]) }
        for length in 0...end {
            #expect(throws: MalformedXML.self, "cut to \(length)") { try page([Array(bytes[..<length])]) }
        }
    }

    // MARK: Keys

    @Test("any key comes back byte for byte, URL-encoded or as XML writes it", arguments: [UInt64(1), 2, 3])
    func awkwardKeys(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let pieces = [
            "/", "//", ".", "..", " ", "+", "%", "%2F", "&", "<", ">", "\"", "'", "]]>", "&amp;", "\t", "\n", "\r",
            "\u{1}",
            "\u{7F}", "\u{E9}", "e\u{301}", "\u{1F600}", "\u{FFFF}", "a", "Z",
        ]
        for isURLEncoded in [true, false] {
            let keys =
                (0..<200).map { _ in Array(random.text(1...30, of: pieces).utf8) } + [
                    Array(repeating: 0x78, count: 1_024)
                ]
            var writer = XMLWriter()
            writer.element("ListBucketResult") { root in
                root.element("IsTruncated", text: "false".utf8)
                for key in keys {
                    root.element("Contents") { contents in
                        var encoded: [UInt8] = []
                        encoded.appendPercentEncoded(key, keepingSlashes: true)
                        contents.element("Key", text: isURLEncoded ? encoded : key)
                        contents.element("ETag", text: "\"e\"".utf8)
                        contents.element("Size", text: "1".utf8)
                    }
                }
                // As on Amazon S3, it comes after the keys that it says how to read.
                if isURLEncoded { root.element("EncodingType", text: "url".utf8) }
            }
            let page = try page(random.pieces(of: writer.bytes, upTo: 700))
            #expect(page.map { Array($0.key.bytes) } == keys, "seed \(seed)")
            #expect(page.allSatisfy { $0.etag.elementsEqual("e".utf8) }, "seed \(seed)")
        }
    }

    @Test("an encoding is undone only where the answer says that there is one")
    func encodingType() throws {
        func key(_ encodingType: String) throws -> String? {
            try page(document(object("a%2Bb+c") + encodingType)).first?.key.description
        }
        #expect(try key("") == "a%2Bb+c")
        #expect(try key("<EncodingType/>") == "a%2Bb+c")
        #expect(try key("<EncodingType>url</EncodingType>") == "a+b c")
        #expect(throws: MalformedXML(reason: "a key is not URL-encoded as the answer says")) {
            try page(document(object("100%") + "<EncodingType>url</EncodingType>"))
        }
    }

    @Test("a page can leave objects out, and tells the rest as it did")
    func keeping() throws {
        let objects = ["a", "b", "c"].map {
            "<Contents><Key>\($0)</Key><Size>1</Size><ETag>\"\($0)\"</ETag></Contents>"
        }
        let text = "<ListBucketResult><IsTruncated>true</IsTruncated><NextContinuationToken>t</NextContinuationToken>"
        let page = try page(text + objects.joined() + "</ListBucketResult>")
        let rest = page.keeping { $0 != 1 }
        #expect(rest.map(\.key) == [ObjectKey("a"), ObjectKey("c")])
        #expect(rest.map { Array($0.etag) } == [[0x61], [0x63]])
        #expect(rest.isTruncated && rest.nextContinuationToken == [0x74])
        #expect(page.keeping { _ in false }.isEmpty && page.count == 3)
    }

    @Test("an ETag has 1,024 bytes at most, without its quotes, however it arrives", arguments: [1, 1000, 100_000])
    func longETag(pieceLength: Int) throws {
        func text(_ length: Int) -> String {
            let etag = String(repeating: "a", count: length)
            return document("<Contents><Key>k</Key><ETag>&quot;\(etag)&quot;</ETag><Size>1</Size></Contents>")
        }
        func pieces(_ text: String) -> [[UInt8]] {
            let bytes = Array(text.utf8)
            return stride(from: 0, to: bytes.count, by: pieceLength).map {
                Array(bytes[$0..<min($0 + pieceLength, bytes.count)])
            }
        }
        #expect(try page(pieces(text(1024))).first?.etag.count == 1024)
        for length in [1025, 40_000, 70_000] {
            let error = #expect(throws: MalformedXML.self) { try page(pieces(text(length))) }
            #expect(error?.reason == "an ETag has \(length) bytes; more than 1024 is none")
        }
    }

    @Test("a key has 1,024 bytes at most, counted when it is decoded", arguments: [true, false])
    func longKeys(isEncodingFirst: Bool) throws {
        let encoding = "<EncodingType>url</EncodingType>"
        func text(_ length: Int) -> String {
            let key = String(repeating: "%41", count: length)
            let object = "<Contents><Key>\(key)</Key><Size>1</Size></Contents>"
            let parts = isEncodingFirst ? encoding + object : object + encoding
            return "<ListBucketResult><IsTruncated>false</IsTruncated>\(parts)</ListBucketResult>"
        }
        #expect(try page(text(1024)).first?.key.bytes.count == 1024)
        let error = #expect(throws: MalformedXML.self) { _ = try page(text(1025)) }
        #expect(error?.reason == "a key has 1025 bytes, and 1024 is the most on S3")
    }

    @Test("what is whole and lacks something is told from what may have been damaged")
    func wholeness() {
        for (text, isWhole) in [
            ("<ListBucketResult/>", true), ("<ListBucketResult>", false), ("", false), ("<html></html>", false),
        ] {
            let error = #expect(throws: MalformedXML.self) { _ = try page(text) }
            #expect(error?.isWhole == isWhole, "\(text)")
        }
    }

    // MARK: What is no page

    @Test(
        "what a page must have is not guessed",
        arguments: [
            ("", "it is empty"),
            ("<Error><Code>SlowDown</Code></Error>", "its root is 'Error'"),
            ("<ListAllMyBucketsResult/>", "its root is 'ListAllMyBucketsResult'"),
            ("<html><body>Welcome</body></html>", "its root is 'html'"),
            ("<ListBucketResult/>", "whether more keys follow"),
            ("<ListBucketResult><IsTruncated>yes</IsTruncated></ListBucketResult>", "IsTruncated is 'yes'"),
            ("<ListBucketResult><IsTruncated/></ListBucketResult>", "IsTruncated is ''"),
            (
                "<ListBucketResult><IsTruncated>false</IsTruncated><Contents><Size>1</Size></Contents></ListBucketResult>",
                "has no key"
            ),
            ("<ListBucketResult><Contents><Key/><Size>1</Size></Contents></ListBucketResult>", "has no key"),
            ("<ListBucketResult><Contents><Key>a</Key></Contents></ListBucketResult>", "has no size"),
            (
                "<ListBucketResult><Contents><Key>a</Key><Size>many</Size></Contents></ListBucketResult>",
                "the size 'many' is no number"
            ),
            (
                "<ListBucketResult><Contents><Key>a</Key><Size>-1</Size></Contents></ListBucketResult>",
                "the size '-1' is no number"
            ),
            (
                "<ListBucketResult><Contents><Key>a</Key><Size/></Contents></ListBucketResult>",
                "the size '' is no number"
            ),
            (
                "<ListBucketResult><Contents><Key>a</Key><Size>99999999999999999999</Size></Contents></ListBucketResult>",
                "is no number"
            ),
            ("<ListBucketResult><Contents><Key>a<b/>c</Key><Size>1</Size></Contents></ListBucketResult>", "has no key"),
        ]
    )
    func refuses(text: String, reason: String) {
        do {
            _ = try page(text)
            Issue.record("\(text) was taken")
        } catch let error as MalformedXML {
            #expect(error.reason.contains(reason), "\(error)")
        } catch {
            Issue.record(error)
        }
    }

    @Test("elements of other places and makers are passed over")
    func unknownElements() throws {
        let text = document(
            "<Name>Key</Name><Key>no</Key><Size>x</Size><Owner><IsTruncated>true</IsTruncated></Owner>"
                + "<Contents><Owner><ID>i</ID><Key>no</Key></Owner><Key>yes</Key><Size>1</Size>"
                + "<RestoreStatus><IsRestoreInProgress>false</IsRestoreInProgress></RestoreStatus></Contents>"
                + "<Extra><Contents><Key>no</Key></Contents></Extra>"
        )
        let page = try page(text)
        #expect(rows(page) == ["yes 1  - -"])
        #expect(!page.isTruncated)
    }

    @Test("a time in another form is left out, and takes nothing from the object")
    func otherTime() throws {
        let text = document("<Contents><Key>a</Key><LastModified>yesterday</LastModified><Size>1</Size></Contents>")
        #expect(rows(try page(text)) == ["a 1  - -"])
    }

    @Test("one object's fields are not taken for the next one's")
    func freshFields() throws {
        let text = document(
            "<Contents><Key>a</Key><Size>1</Size><ETag>\"e\"</ETag><StorageClass>GLACIER</StorageClass></Contents>"
                + object("b")
        )
        #expect(rows(try page(text)) == ["a 1 e - GLACIER", "b 1  - -"])
        #expect(throws: MalformedXML.self) { try page(document(object("a") + "<Contents><Key>b</Key></Contents>")) }
    }

    @Test("an answer that is larger than any page is refused while it arrives")
    func tooLarge() throws {
        var reader = ListPageReader()
        try reader.read(Array("<ListBucketResult><Contents><Key>".utf8).span)
        let piece = [UInt8](repeating: 0x61, count: 1 << 20)
        for _ in 0..<8 { try reader.read(piece.span) }
        #expect(throws: MalformedXML(reason: "it is larger than a page can be")) { try reader.read([0x61].span) }
    }

    @Test("a full page of the longest keys, encoded, is not too large")
    func largestPage() throws {
        let key = String(repeating: "%E4%B8%AD", count: 341)
        let content = (0..<1_000).map { _ in object(key) }.joined()
        let page = try page(document(content + "<EncodingType>url</EncodingType>"))
        #expect(page.count == 1_000)
        #expect(page.last?.key.bytes.count == 1_023)
    }
}
