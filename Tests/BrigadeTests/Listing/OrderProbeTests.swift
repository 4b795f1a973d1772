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

    @Test("without a folder it asks for the first key of a page, from right below it")
    func noFolder() throws {
        let probe = try #require(try probe([["a1", "b1"], ["c1", "d1"]]))
        #expect(probe.startAfter == ObjectKey("c") && probe.known == ObjectKey("c1"))
        // What is left of the key may be no key above the other, or no UTF-8.
        #expect(try self.probe([["a1"], ["a2"]])?.startAfter == ObjectKey("a1"))
        #expect(try self.probe([["a"], ["aé"]])?.startAfter == ObjectKey("a"))
        #expect(try self.probe([["a/1"], ["a/22"]], prefix: "a/")?.startAfter == ObjectKey("a/2"))
        #expect(probe.verdict(on: ObjectKey("c0")) == .fine && probe.verdict(on: ObjectKey("c1")) == .fine)
        #expect(probe.verdict(on: ObjectKey("d1")) == .unsuitableIfKnownExists(.startAfterIgnored))
        #expect(probe.verdict(on: nil) == .unsuitableIfKnownExists(.startAfterIgnored))
        #expect(probe.verdict(on: ObjectKey("a1")) == .unsuitable(.startAfterIgnored))
    }

    @Test("a folder whose name leaves no room is none, and one page without a folder gives nothing to ask")
    func noQuestion() throws {
        for pages in [[], [["a", "b"]], [["a", "b"], []], [[], ["a"]]] { #expect(try probe(pages) == nil) }
        #expect(try probe([["a/1", "a/2"]], prefix: "a/") == nil)
        #expect(try probe([[String(repeating: "k", count: 1023) + "/"]]) == nil)
        let longest = String(repeating: "k", count: 1022)
        #expect(try probe([[longest + "/"]])?.startAfter == ObjectKey(longest + ".~"))
    }

    @Test("in byte order the folder itself follows, or something before it")
    func byteOrder() throws {
        let probe = try #require(try probe([["a/1", "a/2"]]))
        for answer in ["a/1", "a/2", "a.~~", "a/"] {
            #expect(probe.verdict(on: ObjectKey(answer)) == .fine, "\(answer)")
        }
    }

    @Test("folder by folder it is passed over, with all that is in it, unless it was deleted")
    func folderOrder() throws {
        let probe = try #require(try probe([["a/1", "a/2"]]))
        #expect(probe.verdict(on: nil) == .unsuitableIfKnownExists(.notInByteOrder))
        for answer in ["a0", "b", "a/3"] {
            #expect(probe.verdict(on: ObjectKey(answer)) == .unsuitableIfKnownExists(.notInByteOrder), "\(answer)")
        }
    }

    @Test("a server that does not go on from the key shows it by what is not above the key")
    func ignored() throws {
        let probe = try #require(try probe([["Z", "a/1"]]))
        for answer in ["Z", "a", "a.~"] {
            #expect(probe.verdict(on: ObjectKey(answer)) == .unsuitable(.startAfterIgnored), "\(answer)")
        }
    }
}
