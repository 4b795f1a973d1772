import LocalS3
import Testing

@testable import BrigadeCommands

@Suite("the demo")
struct DemoTests {
    // MARK: The bucket

    @Test("the bucket has 20,000 keys that S3 takes, each once")
    func keys() {
        let keys = DemoBucket().keys
        #expect(keys.count == 20_000)
        #expect(Set(keys).count == 20_000)
        #expect(keys.allSatisfy { (1...1024).contains($0.count) && String(validating: $0, as: UTF8.self) != nil })
    }

    @Test("some of its keys are of the kinds that tools lose")
    func awkwardKeys() {
        let keys = Set(DemoBucket().keys)
        let kinds = ["a+plus", "double//slash", "/leading slash", "folder/", "tab\there", "caf\u{E9}", "cafe\u{301}"]
        for kind in kinds { #expect(keys.contains(Array(kind.utf8)), "\(kind)") }
        #expect(keys.contains { $0.count == 1024 })
        #expect(keys.count { !$0.starts(with: "photos/".utf8) } == DemoBucket.awkwardCount)
    }

    // MARK: The comparison

    private func object(_ key: String, change: (inout StoredObject) -> Void = { _ in }) -> StoredObject {
        var object = StoredObject(
            key: Array(key.utf8),
            size: 4,
            etag: "098f6bcd4621d373cade4e832627b4f6",
            metadata: ["number": "1"],
            contentType: "text/plain"
        )
        change(&object)
        return object
    }

    private func differences(_ source: [StoredObject], _ copy: [StoredObject]) -> [String] {
        DemoComparison(source, copy).differences
    }

    @Test("equal buckets are equal, object by object")
    func equal() {
        let bucket = [object("a"), object("b"), object("cafe\u{301}")]
        let comparison = DemoComparison(bucket, bucket)
        #expect(comparison.equal == 3)
        #expect(comparison.differences.isEmpty)
        #expect(differences([], []).isEmpty)
    }

    @Test("an object that did not arrive is missing")
    func missing() {
        let comparison = DemoComparison([object("a"), object("b")], [object("b")])
        #expect(comparison.differences == ["missing: a"])
        #expect(comparison.equal == 1)
        #expect(differences([object("a")], []) == ["missing: a"])
    }

    @Test("a key that arrived in another normal form is missing")
    func renamed() {
        #expect(differences([object("caf\u{E9}")], [object("cafe\u{301}")]) == ["missing: caf\u{E9}"])
    }

    private static let changes: [@Sendable (inout StoredObject) -> Void] = [
        { $0.size = 5 }, { $0.etag = "0" }, { $0.metadata = [:] }, { $0.metadata["more"] = "" },
        { $0.contentType = "image/jpeg" },
    ]

    @Test("an object with another size, ETag, metadata or content type is different", arguments: changes.indices)
    func different(index: Int) {
        let comparison = DemoComparison([object("a")], [object("a", change: Self.changes[index])])
        #expect(comparison.differences == ["different: a"])
        #expect(comparison.equal == 0)
    }

    @Test("objects that the source lacks are too many")
    func tooMany() {
        #expect(differences([object("b")], ["a", "b", "c", "d"].map { object($0) }) == ["3 objects too many"])
        #expect(differences([], [object("a"), object("b")]) == ["2 objects too many"])
    }

    @Test("ten differences are enough to see")
    func atMostTen() {
        let source = (0..<30).map { object("\($0)") }
        #expect(differences(source, []) == (0..<10).map { "missing: \($0)" })
    }
}
