import Brigade
import LocalS3
import S3Client
import S3Protocol
import Synchronization
import Testing

@Suite("a list run over sockets", .serialized, .timeLimit(.minutes(5)))
struct ListRunTests {
    func job(_ source: String = "s3://source", fetchers: Int = 16, pageSize: Int = 25) throws -> ListJob {
        var job = ListJob(try ObjectLocation(source))
        job.fetchers = fetchers
        job.pageSize = pageSize
        return job
    }

    private func fill(_ server: LocalS3Server, _ keys: [[UInt8]]) throws {
        for (number, key) in keys.enumerated() {
            try server.put(bucket: "source", key: key, body: [UInt8](repeating: 0x78, count: number % 3))
        }
    }

    // MARK: Every key once

    @Test("whatever the keys and the fetchers, every key arrives once", arguments: SampleBucket.allCases)
    func everyKeyOnce(kind: SampleBucket) async throws {
        let keys = kind.keys(2000, seed: 1)
        try await withFaultyServer { server, client in
            try fill(server, keys)
            for fetchers in [1, 2, 50] {
                let listed = Listed()
                let summary = try await ListRun(job(fetchers: fetchers, pageSize: 37), client: client).run {
                    listed.add($0)
                }
                #expect(summary.isComplete && summary.isInByteOrder)
                #expect(listed.keys == keys)
                listed.expectPartition()
                let counters = summary.counters
                #expect(counters.objects == 2000 && counters.bytes == listed.batches.reduce(0) { $0 + $1.bytes })
                #expect(counters.bytes == (0..<2000).reduce(0) { $0 + $1 % 3 })
                #expect(counters.requests == counters.pages && counters.requests >= 55)
                #expect(summary.client.requests == [.listObjectsV2: counters.requests])
                if fetchers == 1 { #expect(counters.requests == 55 && counters.objectsBeyond == 0) }
                if fetchers > 2 { #expect(summary.client.connections.highestOpen > 2) }
            }
        }
    }

    @Test("under faults too", arguments: 1...3)
    func faults(seed: UInt64) async throws {
        var faults = Faults()
        // Fewer than the job asks for, which may happen at any time.
        if seed == 2 { faults.shortPageMaximum = 20 }
        faults.seed = seed
        faults.internalErrorProbability = 0.05
        faults.resetProbability = 0.02
        faults.truncatedPageProbability = 0.05
        faults.closeAfterRequests = 7
        let kind = SampleBucket.allCases[Int(seed)]
        let keys = kind.keys(6000, seed: seed)
        try await withFaultyServer(faults) { server, client in
            try fill(server, keys)
            let listed = Listed()
            let summary = try await ListRun(job(fetchers: 32), client: client).run { listed.add($0) }
            #expect(summary.isComplete, "\(summary.abortedBy?.message ?? "")")
            #expect(listed.keys == keys)
            listed.expectPartition()
            #expect(summary.client.retries > 10)
            #expect(summary.client.requests == [.listObjectsV2: summary.counters.requests + summary.client.retries])
        }
    }

    @Test("a prefix is listed, and hints of any quality change nothing but the cost")
    func prefixAndHints() async throws {
        let keys = SampleBucket.numbersInFolders.keys(3000, seed: 5)
        try await withFaultyServer { server, client in
            try fill(server, keys)
            let prefix = Array("folder-1".utf8)
            let expected = keys.filter { $0.starts(with: prefix) }
            var job = try job("s3://source/folder-1")
            for hints in [[], [[0x21], [], [0xFF], prefix], (1...9).map { prefix + Array("/\($0)".utf8) } + expected] {
                job.splitPoints = hints
                let listed = Listed()
                #expect(try await ListRun(job, client: client).run { listed.add($0) }.isComplete)
                #expect(listed.keys == expected)
                listed.expectPartition()
            }
        }
    }

    @Test("a bucket that changes while it is listed keeps every key that was there all the time")
    func changes() async throws {
        let keys = SampleBucket.hex.keys(4000, seed: 9)
        let fixed = Set(keys.enumerated().filter { $0.offset % 2 == 0 }.map(\.element))
        try await withFaultyServer { server, client in
            try fill(server, keys)
            let listed = Listed()
            let summary = try await ListRun(job(fetchers: 24), client: client).run { batch in
                let number = listed.add(batch)
                // New keys stand beside old ones, and others go: at the seams as anywhere.
                for key in keys[(number * 20) % 4000..<(number * 20) % 4000 + 20] {
                    try server.put(bucket: "source", key: key + [0x2D], body: [])
                    if !fixed.contains(key) { try await client.deleteObject(.source, ObjectKey(key)) }
                }
            }
            #expect(summary.isComplete, "\(summary.abortedBy?.message ?? "")")
            let found = listed.keys
            #expect(Set(found).isSuperset(of: fixed))
            #expect(Set(found).count == found.count)
            listed.expectPartition()
        }
    }

    // MARK: What it costs

    @Test(
        "a small bucket costs no more requests for many fetchers, or a few",
        arguments: [(0, 1), (1, 1), (1000, 1), (1001, 2), (3000, 4), (3001, 8)]
    )
    func smallBuckets(objects: Int, requests: Int) async throws {
        let keys = (0..<objects).map { Array("folder/\($0)".utf8) }
        try await withFaultyServer { server, client in
            try fill(server, keys)
            let listed = Listed()
            let summary = try await ListRun(job(fetchers: 64, pageSize: 1000), client: client).run { listed.add($0) }
            #expect(summary.isComplete && listed.keys.count == objects)
            #expect(summary.counters.requests <= requests)
            #expect(summary.counters.leastRequests == max(1, (objects + 999) / 1000))
            listed.expectPartition()
        }
    }

    // MARK: Ends

    @Test("a failure for good ends the run with the range and the key where it stopped")
    func failsForGood() async throws {
        let keys = SampleBucket.hex.keys(5000, seed: 3)
        try await withFaultyServer { server, client in
            try fill(server, keys)
            let listed = Listed()
            let summary = try await ListRun(job(), client: client).run { batch in
                guard listed.add(batch) == 20 else { return }
                var faults = Faults()
                faults.truncatedPageProbability = 1
                try server.setFaults(faults)
            }
            #expect(!summary.isComplete && !summary.wasStopped)
            #expect(summary.abortedBy?.code == .listingFailed)
            let message = summary.abortedBy?.message ?? ""
            let match = message.firstMatch(
                of: #/^listing s3://source/ stopped in the range after '([0-9a-f]+)' (up to '[^']+'|to the end): /#
            )
            let key = try #require(match?.1, "\(message)")
            #expect(!listed.batches.contains { $0.after == Array(key.utf8) }, "nothing came from there")
            let found = listed.keys
            #expect(Set(found).count == found.count && Set(found).isSubset(of: keys) && found.count < 5000)
            #expect(summary.counters.objects == found.count)
        }
    }

    @Test("a stop gives up what is under way")
    func stop() async throws {
        let keys = SampleBucket.hex.keys(5000, seed: 4)
        try await withFaultyServer { server, client in
            try fill(server, keys)
            for batches in [1, 2, 30] {
                let listed = Listed()
                let run = try ListRun(job(), client: client)
                let summary = try await run.run { if listed.add($0) == batches { run.stop() } }
                #expect(summary.wasStopped && !summary.isComplete && summary.abortedBy == nil)
                #expect((batches..<200).contains(listed.batches.count))
                #expect(summary.counters.objects == listed.keys.count)
            }
        }
    }

    @Test("a run that was stopped before it began lists nothing")
    func stoppedBefore() async throws {
        try await withFaultyServer { server, client in
            let run = try ListRun(job(), client: client)
            run.stop()
            let summary = try await run.run { _ in Issue.record("nothing is delivered") }
            #expect(summary.wasStopped && !summary.isComplete)
            #expect(summary.counters.objects == 0)
        }
    }

    @Test("a receiver that fails ends the run with its error", arguments: [1, 3, 12])
    func receiverFails(batch: Int) async throws {
        struct Full: Error {}
        let keys = SampleBucket.hex.keys(2000, seed: 6)
        try await withFaultyServer { server, client in
            try fill(server, keys)
            let listed = Listed()
            let summary = try await ListRun(job(), client: client).run { if listed.add($0) == batch { throw Full() } }
            #expect(summary.abortedBy?.code == .receiverFailed)
            #expect(summary.abortedBy?.cause is Full)
            #expect(!summary.isComplete && !summary.wasStopped)
        }
    }

    @Test("no more pages wait for a slow receiver than there are fetchers")
    func backpressure() async throws {
        let keys = SampleBucket.hex.keys(4000, seed: 7)
        try await withFaultyServer { server, client in
            try fill(server, keys)
            let listed = Listed()
            let done = Atomic(0)
            let most = Atomic(0)
            let run = try ListRun(job(fetchers: 6), client: client)
            let summary = try await run.run { batch in
                listed.add(batch)
                most.max(run.counters.pages - done.load(ordering: .sequentiallyConsistent), ordering: .relaxed)
                try await Task.sleep(for: .milliseconds(3))
                done.add(1, ordering: .sequentiallyConsistent)
            }
            #expect(summary.isComplete && listed.keys == keys)
            // Beside its page, a fetcher may have asked a question about it.
            #expect((2...12).contains(most.load(ordering: .relaxed)))
        }
    }

    @Test("a source that cannot be listed refuses the run")
    func unavailable() async throws {
        try await withFaultyServer { _, client in
            let run = try ListRun(job("s3://missing"), client: client)
            let error = await #expect(throws: BrigadeError.self) { _ = try await run.run { _ in } }
            #expect(error?.code == .sourceUnavailable)
            #expect(error?.message.hasPrefix("the bucket 'missing' does not exist at http://127.0.0.1:") == true)
            #expect(await client.statistics().requests == [.listObjectsV2: 1])
        }
    }

    @Test("the number of fetchers has bounds, both included")
    func bounds() throws {
        for allowed in [1, 64, 1024] { try job(fetchers: allowed).validate() }
        for allowed in [1, 1000] { try job(pageSize: allowed).validate() }
        for refused in [Int.min, 0, 1001] {
            let error = #expect(throws: BrigadeError.self) { try job(pageSize: refused).validate() }
            #expect(error?.message == "a page holds 1 to 1000 keys, not \(refused)")
        }
        for refused in [Int.min, 0, 1025] {
            let error = #expect(throws: BrigadeError.self) { try job(fetchers: refused).validate() }
            #expect(error?.code == .invalidJob)
            #expect(error?.message.contains("not \(refused)") == true)
        }
    }
}
