import Brigade
import S3Protocol
import ServerTestSupport
import Synchronization
import Testing

/// Servers that list in their own way.
extension ListRunTests {
    /// Lists everything from such a server.
    func list(
        _ server: OddLister,
        _ source: String = "s3://source",
        fetchers: Int = 16,
        pageSize: Int = 20,
        hints: [String] = [],
        requiresByteOrder: Bool = false
    ) async throws -> (summary: ListSummary, listed: Listed, notices: [ListNotice]) {
        let listed = Listed()
        let notices = Mutex<[ListNotice]>([])
        let summary = Mutex(ListSummary())
        try await server.run { client in
            var job = try job(source, fetchers: fetchers)
            job.pageSize = pageSize
            job.splitPoints = hints.map { Array($0.utf8) }
            job.requiresByteOrder = requiresByteOrder
            let run = try ListRun(job, client: client) { notice in notices.withLock { $0.append(notice) } }
            let result = try await run.run { listed.add($0) }
            summary.withLock { $0 = result }
        }
        return (summary.withLock { $0 }, listed, notices.withLock { $0 })
    }

    func bytes(_ keys: [String]) -> [[UInt8]] {
        keys.map { Array($0.utf8) }.sorted { $0.lexicographicallyPrecedes($1) }
    }

    /// Names beside a folder that they begin like.
    func folderKeys(_ count: Int) -> [String] {
        (0..<count).map { "photos/\($0)" } + (0..<count).map { "photos-old/\($0)" }
    }

    @Test("a server that lists folder by folder is listed serially, whenever it shows", arguments: [5, 30, 200])
    func folderOrder(count: Int) async throws {
        // In the first page, in the third, and behind them, where only the question finds it
        let keys = folderKeys(count)
        let (summary, listed, notices) = try await list(.folders(keys))
        #expect(summary.isComplete && !summary.isInByteOrder)
        #expect(listed.keys == bytes(keys))
        #expect(listed.batches.contains { !$0.isInByteOrder && $0.after.isEmpty && $0.through == nil })
        #expect(notices == (count > 5 ? [.notInByteOrder] : []))
        // One question, and where its answer surprises, whether the key that it is measured by is still there
        #expect(summary.counters.requests <= (2 * count + 19) / 20 + 2)
    }

    @Test(
        "a job that needs byte order ends instead, and nothing false was delivered",
        arguments: [5, 30, 200],
        [1, 16]
    )
    func orderRequired(count: Int, fetchers: Int) async throws {
        let (summary, listed, notices) = try await list(
            .folders(folderKeys(count)),
            fetchers: fetchers,
            requiresByteOrder: true
        )
        #expect(summary.abortedBy?.code == .notInByteOrder)
        #expect(!summary.isComplete && !summary.isInByteOrder && notices.isEmpty)
        #expect(listed.batches.allSatisfy { $0.isInByteOrder })
    }

    @Test("with one fetcher every order is fine")
    func oneFetcher() async throws {
        let keys = folderKeys(100)
        let (summary, listed, notices) = try await list(.folders(keys), fetchers: 1)
        #expect(summary.isComplete && !summary.isInByteOrder && notices.isEmpty)
        #expect(listed.keys == bytes(keys))
        #expect(summary.counters.requests == 10)
    }

    @Test("an order that shows too late ends the run, with what can be done")
    func tooLate() async throws {
        // No folder is in the first pages that could be asked about.
        let keys = (100..<400).map { "a\($0)" } + folderKeys(100)
        let (summary, listed, _) = try await list(.folders(keys))
        #expect(summary.abortedBy?.code == .notInByteOrder)
        #expect(summary.abortedBy?.message.contains("--fetchers 1") == true)
        #expect(!summary.isComplete && !summary.isInByteOrder)
        #expect(Set(listed.keys).count == listed.keys.count)
        let serial = try await list(.folders(keys), fetchers: 1)
        #expect(serial.summary.isComplete && serial.listed.keys == bytes(keys))
    }

    @Test("ranges that do not fit together end the run, though every page is in order")
    func gap() async throws {
        // The lower range ends where it comes to "y2015/", and the upper one begins behind it.
        let months = (1...9).flatMap { month in (10...30).map { "y2015-0\(month)/\($0)" } }
        let keys = (100..<200).map { "a\($0)" } + (10...30).map { "y2015/\($0)" } + months
        let (summary, listed, _) = try await list(.folders(keys), hints: ["y2015-05/"])
        #expect(summary.abortedBy?.code == .notInByteOrder)
        #expect(!summary.isComplete && !summary.isInByteOrder)
        #expect(Set(listed.keys).count == listed.keys.count && listed.keys.count < keys.count)
    }

    @Test("folders in an order that is the same by bytes are listed in parallel")
    func harmlessFolders() async throws {
        let server = OddLister(keys: (1000..<3000).map { "folder-\($0 / 100)/\($0)" })
        let (summary, listed, notices) = try await list(server)
        #expect(summary.isComplete && summary.isInByteOrder && notices.isEmpty)
        #expect(listed.keys == bytes(server.keys))
        listed.expectPartition()
        #expect(summary.counters.requests > 101)
    }

    @Test("a server that takes no notice of start-after is listed serially", arguments: ["", "folder/"], [30, 300])
    func startAfterIgnored(folder: String, count: Int) async throws {
        var server = OddLister(keys: (100..<(100 + count)).map { "\(folder)\($0)" })
        server.ignoresStartAfter = true
        let (summary, listed, notices) = try await list(server)
        #expect(summary.isComplete && summary.isInByteOrder)
        #expect(listed.keys == bytes(server.keys))
        #expect(notices == (count > 60 ? [.startAfterIgnored] : []))
        #expect(summary.fetchers == 1)
        listed.expectPartition()
    }

    @Test("a server that refuses start-after is listed serially")
    func startAfterRefused() async throws {
        var server = OddLister(keys: (100..<300).map { "folder/\($0)" })
        server.refusesStartAfter = true
        let (summary, listed, notices) = try await list(server)
        #expect(summary.isComplete && summary.isInByteOrder)
        #expect(listed.keys == bytes(server.keys))
        #expect(notices == [.startAfterIgnored])
    }

    @Test("pages without a key that are followed by others are no end", arguments: [1, 16])
    func emptyPages(fetchers: Int) async throws {
        var server = OddLister(keys: (1000..<2900).map { "k\($0)" })
        server.sendsEmptyPages = true
        let (summary, listed, _) = try await list(server, fetchers: fetchers)
        #expect(summary.isComplete)
        #expect(listed.keys == bytes(server.keys))
        listed.expectPartition()
        #expect(summary.counters.requests >= 190)
    }

    @Test("a server that sends more than it was asked for loses nothing")
    func longPages() async throws {
        var server = OddLister(keys: (1000..<3000).map { "folder/\($0)" })
        server.ignoresLimit = true
        let (summary, listed, notices) = try await list(server, pageSize: 13)
        #expect(summary.isComplete && notices.isEmpty)
        #expect(listed.keys == bytes(server.keys))
        listed.expectPartition()
    }
}
