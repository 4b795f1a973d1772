import Testing

@testable import S3Protocol

@Suite("Names of buckets and keys")
struct BucketNameTests {
    @Test(
        "names that a server may have are taken",
        arguments: ["abc", "a.b-c", "Old_Bucket", "123", "a--b", "1.2.3.4"]
    )
    func takes(name: String) throws {
        #expect(try BucketName(name).description == name)
    }

    @Test("the lengths that are taken are 3 to 255")
    func lengths() throws {
        let longest = String(repeating: "a", count: 255)
        #expect(try BucketName(longest).description.count == 255)
        #expect(throws: InvalidBucketName.self) { try BucketName(longest + "a") }
        #expect(throws: InvalidBucketName.self) { try BucketName("ab") }
        #expect(throws: InvalidBucketName.self) { try BucketName("") }
    }

    @Test(
        "names that no server has say which rule they break",
        arguments: [
            ("ab", "at least 3"), ("a/b", "may hold only"), ("a b", "may hold only"), ("b\u{FC}cher", "may hold only"),
            ("a%b", "may hold only"), ("a\r\nb", "may hold only"), ("-ab", "begin and end"), ("ab.", "begin and end"),
            ("_ab", "begin and end"), ("a..b", "two dots"),
        ]
    )
    func refuses(name: String, rule: String) {
        do throws(InvalidBucketName) {
            _ = try BucketName(name)
            Issue.record("'\(name)' was taken")
        } catch {
            #expect(error.rule.contains(rule))
            #expect(error.description == "'\(name)' is not a valid bucket name: \(error.rule)")
        }
    }

    @Test("only a plain name stands in a host name")
    func hostNames() throws {
        #expect(try BucketName("my-bucket-1").fitsHostName)
        for name in ["a.b", "Abc", "a_b", String(repeating: "a", count: 64)] {
            #expect(try !BucketName(name).fitsHostName, "\(name)")
        }
        #expect(try BucketName(String(repeating: "a", count: 63)).fitsHostName)
    }

    @Test("keys are ordered by their bytes, in difference to Swift's strings")
    func keyOrder() {
        // U+FF5E is EF BD 9E, U+1F600 is F0 9F 98 80: by UTF-16 the second would come first.
        let keys = ["A", "B", "a", "a/", "a/b", "a0", "e\u{301}", "z", "\u{E9}", "\u{FF5E}", "\u{1F600}"].map {
            ObjectKey($0)
        }
        #expect(keys.shuffled().sorted() == keys)
        #expect(ObjectKey("e\u{301}") != ObjectKey("\u{E9}"), "though the strings are equal")
        #expect(ObjectKey([0x61, 0xFF]).description == "a\u{FFFD}")
    }
}
