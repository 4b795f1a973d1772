import Brigade
import LocalS3
import S3Client
import S3Protocol
import ServerTestSupport
import Testing

/// Servers that say what is not so, or say it twice.
extension ListRunTests {
    private func keys(_ count: Int) -> [String] { (0..<count).map { "k\(100_000 + $0 * 37 % 99_991)" }.sorted() }

    /// The first three pages, which are listed by the server's tokens, are believed; a question comes between them.
    @Test("a page that ends the listing too early costs no key", arguments: 5...40)
    func falseEnd(page: Int) async throws {
        var server = OddLister(keys: keys(1000))
        server.falseEnds = [page]
        let (summary, listed, notices) = try await list(server)
        #expect(summary.isComplete && notices.isEmpty)
        #expect(listed.keys == bytes(server.keys))
        listed.expectPartition()
    }

    /// The first page of all is believed, since nothing contradicts it.
    @Test("an empty page that ends the listing too early costs no key", arguments: 1...40, [1, 16])
    func emptyFalseEnd(page: Int, fetchers: Int) async throws {
        var server = OddLister(keys: keys(1000))
        server.falseEnds = [page]
        server.hasEmptyFalseEnds = true
        let (summary, listed, notices) = try await list(server, fetchers: fetchers)
        #expect(summary.isComplete)
        #expect(listed.keys == (page == 1 ? [] : bytes(server.keys)))
        // A question comes between the first pages, to which a false answer has the source listed serially.
        #expect(notices.isEmpty || page < 5 && notices == [.startAfterIgnored])
        if page == 1 { #expect(summary.counters.requests == 1) }
        listed.expectPartition()
    }

    @Test("keys that are told twice in a row are listed once, and it is told", arguments: [1, 16])
    func repeatedKeys(fetchers: Int) async throws {
        var server = OddLister(keys: keys(1000))
        server.repeatsKeys = true
        let (summary, listed, notices) = try await list(server, fetchers: fetchers)
        #expect(summary.isComplete && summary.isInByteOrder)
        #expect(listed.keys == bytes(server.keys))
        #expect(notices == [.keysRepeated])
        #expect(summary.counters.objectsRepeated >= 50 && summary.counters.objects == 1000)
        #expect(summary.fetchers == fetchers)
        listed.expectPartition()
    }

    @Test("pages that overlap are listed once, in whatever order", arguments: [1, 16], [false, true])
    func overlap(fetchers: Int, isInFolders: Bool) async throws {
        var server = isInFolders ? OddLister.folders(folderKeys(200)) : OddLister(keys: keys(400))
        server.overlap = 3
        let (summary, listed, notices) = try await list(server, fetchers: fetchers, requiresByteOrder: !isInFolders)
        #expect(summary.isComplete && summary.isInByteOrder == !isInFolders)
        #expect(listed.keys == bytes(server.keys))
        #expect(notices.contains(.keysRepeated))
        #expect(summary.counters.objectsRepeated >= (fetchers == 1 ? 60 : 6))
        if !isInFolders { listed.expectPartition() }
    }

    @Test("a server that takes no notice of the prefix is not believed", arguments: [1, 16])
    func prefixIgnored(fetchers: Int) async throws {
        var server = OddLister(keys: keys(400))
        server.ignoresPrefix = true
        let error = await #expect(throws: BrigadeError.self) {
            _ = try await list(server, "s3://source/zzz", fetchers: fetchers)
        }
        #expect(error?.code == .sourceUnavailable)
        #expect(error?.message.contains("that begin with 'zzz', the server lists 'k1") == true)
    }

    @Test("a server that leaves out the key behind one that is not there is listed serially")
    func skippedKey() async throws {
        var server = OddLister(keys: keys(400))
        server.skipsKeyBehindMissing = true
        let (summary, listed, notices) = try await list(server)
        #expect(summary.isComplete && summary.fetchers == 1)
        #expect(listed.keys == bytes(server.keys))
        #expect(notices == [.startAfterIgnored])
    }

    @Test("a key that is left out where ranges meet ends the run")
    func skippedKeyLater() async throws {
        // The question at the beginning is about a folder, and shows nothing.
        var server = OddLister(keys: keys(1000).map { "folder/\($0)" })
        server.skipsKeyBehindMissing = true
        let (summary, listed, _) = try await list(server, hints: ["folder/k120"])
        #expect(summary.abortedBy?.code == .notInByteOrder && !summary.isComplete)
        #expect(summary.abortedBy?.message.contains("lists other keys from 'folder/k") == true)
        #expect(Set(listed.keys).count == listed.keys.count)
    }

    @Test("a server that never says whether more follows is asked once")
    func noIsTruncated() async throws {
        var server = OddLister(keys: keys(50))
        server.omitsIsTruncated = true
        let clock = ContinuousClock()
        let start = clock.now
        let error = await #expect(throws: BrigadeError.self) { _ = try await list(server) }
        #expect(error?.message.contains("does not say whether more keys follow") == true)
        // Repetitions would take seconds at least.
        #expect(clock.now - start < .seconds(5))
    }

    @Test("hints of which none is of use are told of, others are not")
    func uselessHints() async throws {
        let server = OddLister(keys: keys(400))
        for (hints, isUseful) in [(["0", "k"], false), (["0", "k15"], true), ([], true)] {
            let (summary, listed, notices) = try await list(server, "s3://source/k", hints: hints)
            #expect(summary.isComplete && listed.keys == bytes(server.keys))
            #expect(notices == (isUseful ? [] : [.splitPointsUseless]))
            #expect(summary.fetchers == 16)
        }
    }

    @Test("a bucket that is emptied from its front, or from its end, is listed to the end", arguments: [true, false])
    func emptied(fromFront: Bool) async throws {
        let keys = SampleBucket.hex.keys(6000, seed: 21)
        try await withFaultyServer { server, client in
            for key in keys { try server.put(bucket: "source", key: key, body: []) }
            let listed = Listed()
            let summary = try await ListRun(job(fetchers: 24), client: client).run { batch in
                let start = listed.add(batch) * 25
                let doomed = (fromFront ? keys : keys.reversed()).dropFirst(start).prefix(25).map { ObjectKey($0) }
                _ = try await client.deleteObjects(.source, doomed)
            }
            #expect(summary.isComplete, "\(summary.abortedBy?.message ?? "")")
            #expect(Set(listed.keys).count == listed.keys.count && Set(listed.keys).isSubset(of: keys))
            listed.expectPartition()
        }
    }
}
