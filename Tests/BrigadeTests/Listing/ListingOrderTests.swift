import S3Protocol
import Testing

@testable import Brigade

@Suite("The order of a listing")
struct ListingOrderTests {
    private func violation(_ keys: [String], after start: String, firstKey: String = "first") throws -> ListNotice? {
        let page = try TestPages.page(keys)
        return ListingOrder.violation(in: page[...], after: Array(start.utf8), firstKey: ObjectKey(firstKey))
    }

    @Test("keys that ascend by their bytes from above the start are as they should be")
    func ascending() throws {
        #expect(try violation([], after: "x") == nil)
        #expect(try violation(["a"], after: "") == nil)
        #expect(try violation(["a-b", "a/b", "a0", "é", "\u{FF5E}", "\u{1F600}"], after: "a") == nil)
    }

    @Test("every key is looked at", arguments: 0..<6)
    func everyKey(place: Int) throws {
        var keys = ["b", "c", "d", "e", "f", "g"]
        keys.insert(keys[place], at: place)
        #expect(try violation(keys, after: "a") == .notInByteOrder)
        keys[place] = "A"
        #expect(try violation(keys, after: "a") == .notInByteOrder)
    }

    @Test("a page that begins where the whole listing begins was not asked for from a key")
    func startAfter() throws {
        #expect(try violation(["first", "second"], after: "k") == .startAfterIgnored)
        #expect(try violation(["k", "second"], after: "k") == .startAfterIgnored)
        #expect(try violation(["l", "k"], after: "k") == .notInByteOrder)
        #expect(try violation(["other", "second"], after: "z") == .notInByteOrder)
        #expect(try violation(["first", "second"], after: "") == nil)
    }

    @Test("the rest of a page is judged by itself")
    func rest() throws {
        let page = try TestPages.page(["z", "a", "b"])
        #expect(ListingOrder.violation(in: page.dropFirst(), after: [], firstKey: nil) == nil)
        #expect(ListingOrder.violation(in: page.dropFirst(), after: Array("aa".utf8), firstKey: nil) == .notInByteOrder)
    }
}
