import S3Protocol
import Testing

@testable import Brigade

@Suite("Keys that are told twice")
struct RepeatedKeysTests {
    private func removed(_ keys: [String], behind previous: [String]? = nil) throws -> [String] {
        let page = try TestPages.page(keys, token: "next")
        let single = RepeatedKeys.removed(from: page, behind: try previous.map { try TestPages.page($0) })
        #expect(single.isTruncated && single.nextContinuationToken == Array("next".utf8))
        return single.map(\.key.description)
    }

    @Test("of a run of one key the first stays")
    func runs() throws {
        #expect(try removed([]) == [])
        #expect(try removed(["a", "b"]) == ["a", "b"])
        #expect(try removed(["a", "a", "b", "c", "c", "c"]) == ["a", "b", "c"])
        #expect(try removed(["a", "b", "a"]) == ["a", "b", "a"], "another order")
    }

    @Test("a page that begins with keys of the page before goes on behind them, in whatever order")
    func overlap() throws {
        #expect(try removed(["b", "c", "d"], behind: ["a", "b", "c"]) == ["d"])
        #expect(try removed(["a", "b", "c"], behind: ["a", "b", "c"]) == [])
        #expect(try removed(["b", "z", "d"], behind: ["z", "y", "b"]) == ["d"])
        // One of the keys was deleted meanwhile.
        #expect(try removed(["a", "c", "d", "d"], behind: ["a", "b", "c"]) == ["d"])
        // What lies below is not therefore the same.
        #expect(try removed(["a", "d"], behind: ["b", "c"]) == ["a", "d"])
        #expect(try removed(["d", "c"], behind: ["b", "c"]) == ["d", "c"])
    }
}
