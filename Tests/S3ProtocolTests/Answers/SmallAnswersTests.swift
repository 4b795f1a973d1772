import Testing

@testable import S3Protocol

@Suite("Small answers")
struct SmallAnswersTests {
    private func text(_ bytes: ArraySlice<UInt8>?) -> String? { bytes.map { String(decoding: $0, as: UTF8.self) } }

    // MARK: Documents

    @Test("leaves are found by name, groups give rows in the document's order")
    func document() throws {
        let document = try S3Document(
            Array(
                """
                <R xmlns="urn:x"><V> 1 </V><V>2</V><Empty/>
                  <Row><K>a&amp;b</K><C>c</C></Row><Row><C>d</C></Row><Row><Sub><K>deep</K></Sub></Row><Row/></R>
                """.utf8
            )
        )
        #expect(document.root == "R")
        #expect(document.text("V") == " 1 ")
        #expect(document.text("Empty") == nil)
        #expect(document.first("Empty") == [])
        #expect(document.first("Missing") == nil)
        #expect(document.first("Row") == [], "only the row that has no elements of its own is a leaf")
        let rows = document.rows(of: "Row", ["K", "C"]).map { $0.map(text) }
        #expect(rows == [["a&b", "c"], [nil, "d"], ["deep", nil]])
    }

    @Test("a root that is a leaf has a text, as a bucket's location has")
    func leafRoot() throws {
        let located = try S3Document(Array("<LocationConstraint xmlns=\"urn:x\">eu-west-1</LocationConstraint>".utf8))
        #expect(located.text("LocationConstraint") == "eu-west-1")
        #expect(try S3Document(Array("<LocationConstraint/>".utf8)).text("LocationConstraint") == nil)
    }

    @Test("a document that is cut off is none")
    func truncatedDocument() {
        let bytes = Array("<?xml version=\"1.0\"?><Error><Code>SlowDown</Code></Error>".utf8)
        for length in 0..<bytes.count {
            #expect(throws: MalformedXML.self) { try S3Document(Array(bytes[..<length])) }
        }
    }

    // MARK: Copies

    private let ok = ResponseHead(status: 200, fields: [("x-amz-request-id", "R1")])

    @Test(
        "a copy's answer, in each form that servers give it",
        arguments: [
            "<CopyObjectResult><LastModified>2009-10-12T17:50:30.000Z</LastModified><ETag>&quot;e-1&quot;</ETag></CopyObjectResult>",
            "<?xml version=\"1.0\"?>\n<CopyObjectResult xmlns=\"urn:x\"><ETag>\"e-1\"</ETag></CopyObjectResult>\n",
            "\n \n  <?xml version=\"1.0\"?><CopyObjectResult><ETag>e-1</ETag></CopyObjectResult>",
        ]
    )
    func copied(body: String) throws {
        #expect(try CopyResult(head: ok, body: Array(body.utf8)).etag == Array("e-1".utf8))
    }

    @Test("a 200 whose body is an error is that error, also after the white space that keeps connections alive")
    func copyFailedUnder200() throws {
        let body = "\n\n  <Error><Code>SlowDown</Code><Message>Reduce your request rate.</Message></Error>"
        do {
            _ = try CopyResult(head: ok, body: Array(body.utf8))
            Issue.record("an error was taken for a copy")
        } catch let error as S3ResponseError {
            #expect(error.code == "SlowDown")
            #expect(error.status == 200)
            #expect(error.requestID == "R1")
            #expect(error.isThrottling)
            #expect(error.isRetryable)
        }
    }

    @Test(
        "a 200 with anything else is no copy",
        arguments: [
            "", "   \n", "<html><body>Welcome</body></html>", "<!DOCTYPE html><html></html>", "OK", "{}",
            "<CopyObjectResult><ETag>\"e\"</ETag>", "<CopyObjectResult></CopyObjectResult>",
            "<CopyPartResult><ETag>\"e\"</ETag></CopyPartResult>", "<Error><Code>SlowDown</Code>",
        ]
    )
    func noCopy(body: String) {
        #expect(throws: MalformedXML.self) { try CopyResult(head: ok, body: Array(body.utf8)) }
    }

    // MARK: Deletions and heads

    @Test("a batch deletion tells the keys that are still there")
    func deletions() throws {
        let body = """
            <DeleteResult><Deleted><Key>gone</Key></Deleted>\
            <Error><Key>a&amp;b</Key><Code>AccessDenied</Code><Message>No.</Message></Error>\
            <Error><Code>InternalError</Code><Key>c</Key></Error></DeleteResult>
            """
        #expect(
            try DeleteFailure.read(Array(body.utf8)) == [
                DeleteFailure(key: ObjectKey("a&b"), code: "AccessDenied", message: "No."),
                DeleteFailure(key: ObjectKey("c"), code: "InternalError", message: ""),
            ]
        )
        #expect(try DeleteFailure.read(Array("<DeleteResult/>".utf8)) == [])
        #expect(throws: MalformedXML.self) { try DeleteFailure.read(Array("<Error><Code>x</Code></Error>".utf8)) }
        #expect(throws: MalformedXML.self) { try DeleteFailure.read([]) }
    }

    @Test("an object's head tells its size, its ETag and what is kept with it")
    func objectHead() {
        let head = ObjectHead(
            head: ResponseHead(
                status: 200,
                fields: [
                    ("Content-Length", "11"), ("ETag", "\"e-2\""), ("Content-Type", "text/plain"),
                    ("X-Amz-Meta-Color", " blue "), ("x-amz-storage-class", "GLACIER"), ("Date", "now"),
                    ("Expires", "never"), ("x-amz-version-id", "1"),
                ]
            )
        )
        #expect(head.size == 11)
        #expect(head.etag == Array("e-2".utf8))
        #expect(
            head.storedHeaders == [
                S3Request.Header("content-type", "text/plain"), S3Request.Header("x-amz-meta-color", "blue"),
                S3Request.Header("expires", "never"),
            ]
        )
        let bare = ObjectHead(head: ResponseHead(status: 200, fields: [("Content-Length", "many")]))
        #expect(bare.size == nil)
        #expect(bare.etag == nil)
    }

    @Test("fields are found by name in either case, and only whole names")
    func fields() {
        let head = ResponseHead(
            status: 200,
            fields: [("ETagged", "no"), ("X", "etag"), ("eTaG", " yes "), ("etag", "late"), ("Empty", "")]
        )
        #expect(head.text("etag") == "yes")
        #expect(head.text("empty") == "")
        #expect(head.text("tag") == nil)
        #expect(head.text("x-etag") == nil)
        #expect(head.fields.map(\.name) == ["ETagged", "X", "eTaG", "etag", "Empty"])
    }
}
