import S3Protocol
import Testing

@testable import Brigade

@Suite("A question about the order of a listing")
struct OrderProbeTests {
    private func probe(_ pages: [[String]], prefix: String = "") throws -> OrderProbe? {
        OrderProbe(try pages.map { try TestPages.page($0) }, prefix: Array(prefix.utf8))
    }

    @Test("it asks what follows the last folder's name, below its slash")
    func question() throws {
        #expect(try probe([["a/1", "b/c/2", "d"], ["e"]])?.startAfter == ObjectKey("b.~"))
        #expect(try probe([["a/1"], ["b/1", "c/1"]])?.startAfter == ObjectKey("c.~"))
        #expect(try probe([["a/b/1", "a/c/2"]], prefix: "a/")?.startAfter == ObjectKey("a/c.~"))
        #expect(try probe([["/1"]])?.startAfter == ObjectKey(".~"))
    }

    @Test("without a folder there is nothing to ask, since all orders are one")
    func noQuestion() throws {
        #expect(try probe([]) == nil)
        #expect(try probe([["a", "b"], []]) == nil)
        #expect(try probe([["a/1", "a/2"]], prefix: "a/") == nil)
        #expect(try probe([[String(repeating: "k", count: 1023) + "/"]]) == nil)
        let longest = String(repeating: "k", count: 1022)
        #expect(try probe([[longest + "/"]])?.startAfter == ObjectKey(longest + ".~"))
    }

    @Test("in byte order the folder itself follows, or something before it")
    func byteOrder() throws {
        let probe = try #require(try probe([["a/1", "a/2"]]))
        for answer in ["a/1", "a/2", "a.~~", "a/"] { #expect(probe.verdict(on: ObjectKey(answer)) == nil, "\(answer)") }
    }

    @Test("folder by folder it is passed over, with all that is in it")
    func folderOrder() throws {
        let probe = try #require(try probe([["a/1", "a/2"]]))
        #expect(probe.verdict(on: nil) == .notInByteOrder)
        for answer in ["a0", "b", "a/3"] {
            #expect(probe.verdict(on: ObjectKey(answer)) == .notInByteOrder, "\(answer)")
        }
    }

    @Test("a server that does not go on from the key shows it by what is not above the key")
    func ignored() throws {
        let probe = try #require(try probe([["Z", "a/1"]]))
        for answer in ["Z", "a", "a.~"] {
            #expect(probe.verdict(on: ObjectKey(answer)) == .startAfterIgnored, "\(answer)")
        }
    }
}
