import Brigade
import S3Client
import S3Protocol
import TestSupport
import Testing

/// Jobs that are stopped, cannot start, meet refusals and begin again, on servers of either order; beside them what the
/// server knows it holds.
@Suite("jobs of many runs on random buckets", .serialized)
struct JobModelTests {
    private static func keys(_ random: inout SeededGenerator) -> Set<String> {
        // Folders beside names that begin alike: where the two orders differ, at places that differ from seed to seed.
        let names = (0..<random.number(1...4)).map { _ in random.text(1...2, of: ["a", "b", "m", "z"]) }
        let joints = ["/", "-", "", ".", "/x/"]
        return Set(
            (0..<random.number(30...250)).map { _ in
                random.pick(names) + random.pick(joints) + random.text(2...3, of: ["0", "1", "2", "5", "9"])
            }
        )
    }

    @Test("nothing is lost, and nothing claimed that is not so", arguments: 1...24 as ClosedRange<UInt64>)
    func model(seed: UInt64) async throws {
        var random = SeededGenerator(seed: seed)
        let keys = Self.keys(&random)
        let order = random.pick(OddBuckets.Order.allCases)
        let denied = Set(keys.sorted().filter { _ in random.chance(oneIn: 8) })
        let (pageSize, sendsEmptyPages) = (random.pick([3, 7, 20]), random.chance(oneIn: 4))
        let buckets = OddBuckets(keys) { state in
            state.sourceOrder = order
            state.destinationOrder = order
            (state.pageSize, state.sendsEmptyPages) = (pageSize, sendsEmptyPages)
            state.denied = denied
        }
        try await buckets.run { client in
            try await JobOfRuns.with(client) { runs in
                runs.job.concurrency = random.pick([1, 4, 16])
                runs.job.fetchers = random.pick([1, 3, 8])
                runs.job.isVerified = random.chance(oneIn: 3)
                for _ in 0..<random.number(1...5) { try await disturbedRun(&runs, buckets, &random) }
                buckets.change { $0.denied = [] }
                var last = try await runs.run()
                // The order of the server may show only now; it is known from then on.
                if last.abortedBy?.code == .notInByteOrder { last = try await runs.run() }
                #expect(last.isComplete, "\(last.abortedBy?.message ?? "")")
                #expect(buckets.now.destination == keys)
                #expect(try runs.record.state == .complete)
                guard order == .bytes else { return }
                #expect(try runs.record.totals.copied.objects == keys.count)
                #expect(buckets.now.copies.values.allSatisfy { $0 == 1 })
            }
        }
    }

    /// A run to which something happens, mostly.
    private func disturbedRun(
        _ runs: inout JobOfRuns,
        _ buckets: OddBuckets,
        _ random: inout SeededGenerator
    ) async throws {
        let scope: CopyRun.Scope = random.chance(oneIn: 3) ? .failedOnly : .everything
        if random.chance(oneIn: 4) {
            let mended = Set(buckets.now.denied.sorted().filter { _ in random.chance(oneIn: 2) })
            buckets.change { $0.denied.subtract(mended) }
        }
        let isDown = random.chance(oneIn: 6)
        buckets.change { $0.isDown = isDown }
        defer { buckets.change { $0.isDown = false } }
        let enough = random.chance(oneIn: 4) ? Int.max : random.number(0...buckets.now.source.count)
        do {
            let summary = try await runs.run(scope) { counters in
                counters.copied.objects + counters.failed.objects >= enough
            }
            let counters = summary.counters
            #expect(
                counters.listed.objects
                    == counters.copied.objects + counters.skipped.objects + counters.failed.objects
                    + counters.notTried.objects
            )
            #expect(counters.skipped.objects == 0)
            if summary.isComplete, scope == .everything { #expect(buckets.now.destination == buckets.now.source) }
        } catch {
            #expect(isDown && error is BrigadeError)
        }
        // Whatever is not at the destination is known to have failed, or not to have been tried.
        let missing = buckets.now.source.subtracting(buckets.now.destination)
        let record = try runs.record
        if record.isCovered { #expect(try missing.isSubset(of: runs.failures)) }
        #expect((record.state == .complete) == (record.isCovered && record.failedObjects == 0))
        if record.state == .complete { #expect(missing.isEmpty) }
        #expect(try runs.failures.count == record.failedObjects)
    }
}
