import Foundation
import Keyspace
import ServerTestSupport
import TestSupport
import Testing

@testable import Brigade

@Suite("The log of what came since the last commit")
struct CompletionLogTests {
    private func range(_ after: String, _ through: String?) -> KeyRange {
        KeyRange(after: Array(after.utf8), through: through.map { Array($0.utf8) })
    }

    @Test("a reader finds every entry, though the writer did not end")
    func entries() async throws {
        try await withTemporaryFolder { folder in
            let path = folder + "/log"
            let log = try CompletionLog(path: path, generation: 3, halfSize: 4096)
            log.append(.copied, size: 5, range("", "a"))
            log.append(.skipped, size: 0, range("a", nil))
            log.append(.retried, size: .max, range("", String(repeating: "k", count: 1024)))
            let entries = try CompletionLog.entries(path: path, since: 3, halfSize: 4096)
            #expect(entries.map(\.kind) == [.copied, .skipped, .retried])
            #expect(entries.map(\.size) == [5, 0, .max])
            #expect(entries.map(\.range.after) == [[], Array("a".utf8), []])
            #expect(entries.map(\.range.through?.count) == [1, nil, 1024])
            withExtendedLifetime(log) {}
        }
    }

    @Test("what a commit has is passed over, and what came while it was written is not")
    func generations() async throws {
        try await withTemporaryFolder { folder in
            let path = folder + "/log"
            let log = try CompletionLog(path: path, generation: 7, halfSize: 4096)
            for number in 0..<20 { log.append(.copied, size: number, range("old", "old")) }
            log.turn(to: 8)
            log.append(.copied, size: 100, range("a", "b"))
            // The commit 8 is not there yet, or it is.
            #expect(
                try CompletionLog.entries(path: path, since: 7, halfSize: 4096).map(\.size) == Array(0..<20) + [100]
            )
            #expect(try CompletionLog.entries(path: path, since: 8, halfSize: 4096).map(\.size) == [100])
            log.turn(to: 9)
            log.append(.copied, size: 200, range("b", "c"))
            // Of the 20 entries that stand behind this one, none is taken for valid.
            #expect(try CompletionLog.entries(path: path, since: 8, halfSize: 4096).map(\.size) == [100, 200])
            #expect(try CompletionLog.entries(path: path, since: 10, halfSize: 4096).isEmpty)
            withExtendedLifetime(log) {}
        }
    }

    @Test("a full half takes nothing more, until the next commit")
    func full() async throws {
        try await withTemporaryFolder { folder in
            let path = folder + "/log"
            let log = try CompletionLog(path: path, generation: 0, halfSize: 256)
            var taken = 0
            while log.append(.copied, size: 0, range("aaaa", "bbbb")) { taken += 1 }
            #expect(taken == (256 - 8) / 32)
            #expect(log.fill > 0.9)
            #expect(try CompletionLog.entries(path: path, since: 0, halfSize: 256).count == taken)
            log.turn(to: 1)
            #expect(log.append(.copied, size: 0, range("aaaa", "bbbb")))
        }
    }

    @Test("whatever became of the file, nothing that was not written is read", arguments: 1...30 as ClosedRange<UInt64>)
    func damaged(seed: UInt64) async throws {
        try await withTemporaryFolder { folder in
            var random = SeededGenerator(seed: seed)
            let path = folder + "/log"
            var written: [CompletionLog.Entry] = []
            do {
                let log = try CompletionLog(path: path, generation: 1, halfSize: 2048)
                for number in 0..<20 {
                    let bounds = (0..<2).map { _ in Array(random.text(0...5, of: ["a", "\u{0}", "é", "/"]).utf8) }
                    let range = KeyRange(after: bounds[0], through: random.chance(oneIn: 5) ? nil : bounds[1])
                    log.append(.copied, size: number, range)
                    written.append(CompletionLog.Entry(kind: .copied, size: number, range: range))
                }
            }
            #expect(try CompletionLog.entries(path: path, since: 1, halfSize: 2048) == written)
            var content = [UInt8](try Data(contentsOf: URL(filePath: path)))
            for _ in 0..<random.number(1...4) { content[random.number(8...700)] ^= UInt8(random.number(1...255)) }
            try Data(content).write(to: URL(filePath: path))
            let read = try CompletionLog.entries(path: path, since: 1, halfSize: 2048)
            #expect(read.count < 20 && Array(written.prefix(read.count)) == read)
            try Data(content.prefix(random.number(0...4095))).write(to: URL(filePath: path))
            #expect(try CompletionLog.entries(path: path, since: 1, halfSize: 2048).isEmpty)
        }
    }

    @Test("a file that is missing says nothing, and one that cannot be made is an error")
    func missing() async throws {
        try await withTemporaryFolder { folder in
            let entries = try CompletionLog.entries(path: folder + "/none", since: 0)
            #expect(entries.isEmpty)
            let error = #expect(throws: BrigadeError.self) {
                _ = try CompletionLog(path: folder + "/none/log", generation: 0)
            }
            #expect(error?.code == .journalFailed)
        }
    }
}
