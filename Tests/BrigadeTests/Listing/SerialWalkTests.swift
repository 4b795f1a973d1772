import Keyspace
import S3Protocol
import Synchronization
import Testing

@testable import Brigade

@Suite("A serial listing on its way")
struct SerialWalkTests {
    /// A walk through these pages, which gets the second and the rest when it asks.
    private func walk(_ pages: [[String]]) throws -> SerialWalk {
        let pages = try pages.enumerated().map { number, keys in
            try TestPages.page(keys, token: number < pages.count - 1 ? "t\(number)" : nil)
        }
        let asked = Mutex(0)
        let rest = SerialLister { _, _ in
            pages[
                asked.withLock { asked in
                    asked += 1
                    return asked
                }
            ]
        }
        return SerialWalk(page: pages[0], rest: rest)
    }

    private func ranges(_ walk: inout SerialWalk) async throws -> [String] {
        var ranges: [String] = []
        repeat {
            let text = { (bytes: [UInt8]) in String(decoding: bytes, as: UTF8.self) }
            let keys = walk.objects.map(\.key.description).joined(separator: ",")
            ranges.append("\(text(walk.range.after))<\(keys)<=\(walk.range.through.map(text) ?? "end")")
            walk.skip(walk.objects.count)
        } while try await walk.advance()
        return ranges
    }

    @Test("ranges follow each other, and repeated keys are left out and counted")
    func repeats() async throws {
        // A walk begins with a page that it did not ask for.
        var walk = try walk([["a", "b", "b"], ["a", "b", "c", "d"], ["c", "d"], ["d", "e"]])
        #expect(walk.violation == nil && walk.repeatedObjects == 1)
        #expect(try await ranges(&walk) == ["<a,b<=b", "b<c,d<=d", "d<e<=end"])
        #expect(walk.violation == nil && walk.repeatedObjects == 6)
    }

    @Test("another order is no repetition")
    func disorder() async throws {
        var walk = try walk([["b", "c"], ["a", "d"]])
        walk.skip(2)
        #expect(try await walk.advance())
        #expect(walk.violation == .notInByteOrder && walk.repeatedObjects == 0)
        #expect(walk.objects.count == 2)
    }
}
