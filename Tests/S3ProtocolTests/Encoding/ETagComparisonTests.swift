import Testing

@testable import S3Protocol

@Suite("ETags as they say something of contents")
struct ETagComparisonTests {
    private let first = "5d41402abc4b2a76b9719d911017c592"
    private let second = "7d793037a0760186574b0282f2f435e7"

    private func compare(_ left: String, _ right: String) -> ETagComparison {
        // Slices that do not begin at their storage's start, as a page's are.
        ETagComparison(Array(("\"" + left).utf8).dropFirst(), Array((right + "\"").utf8).dropLast())
    }

    @Test("equal ones are of equal contents, whatever they look like")
    func same() {
        #expect(compare(first, first) == .same)
        #expect(compare(first, first.uppercased()) == .same)
        #expect(compare("0-2", "0-2") == .same)
    }

    @Test("different ones say something only where both look like an MD5")
    func different() {
        #expect(compare(first, second) == .different)
        #expect(compare(first, second.uppercased()) == .different)
        #expect(compare(first, "\(second)-2") == .notComparable)
        #expect(compare("\(first)-2", second) == .notComparable)
        #expect(compare(first, String(second.dropLast())) == .notComparable)
        #expect(compare(first, String(second.dropLast()) + "g") == .notComparable)
        #expect(compare("", first) == .notComparable)
        #expect(compare("", "") == .notComparable, "nothing is known of either")
    }

    @Test("what no condition can carry is not sent in one")
    func conditions() {
        for etag in [first, "0-2", "any/thing;else", "é"] { #expect(S3Request.canCarry(etag: Array(etag.utf8)[...])) }
        for etag in ["", "a b", "a\r\nx-evil: 1", "a\"b", "a\u{0}", "a\u{7F}"] {
            #expect(!S3Request.canCarry(etag: Array(etag.utf8)[...]), "\(etag)")
        }
    }

    @Test(
        "an object that is encrypted with a key of its owner's has an ETag that is no digest",
        arguments: [
            ([], false), ([("x-amz-server-side-encryption", "AES256")], false),
            ([("X-Amz-Server-Side-Encryption", "aws:kms")], true),
            ([("x-amz-server-side-encryption", "aws:kms:dsse")], true),
            ([("x-amz-server-side-encryption-customer-algorithm", "AES256")], true),
        ] as [([(String, String)], Bool)]
    )
    func opaque(fields: [(String, String)], isOpaque: Bool) throws {
        let head = ResponseHead(status: 200, fields: fields)
        #expect(ObjectHead(head: head).hasOpaqueETag == isOpaque)
        let body = Array("<CopyObjectResult><ETag>\"\(first)\"</ETag></CopyObjectResult>".utf8)
        #expect(try CopyResult(head: head, body: body).hasOpaqueETag == isOpaque)
    }
}
