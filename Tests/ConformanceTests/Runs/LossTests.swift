import FlowControl
import Keyspace
import S3Client
import S3Protocol
import ServerTestSupport
import Testing

@testable import Brigade

/// What once made a job lose objects, or claim what was not so.
@Suite("jobs that lose nothing and claim nothing false", .serialized)
struct LossTests {
    private static func number(_ number: Int, _ digits: Int = 5) -> String {
        let text = String(number)
        return String(repeating: "0", count: max(0, digits - text.count)) + text
    }

    /// Keys that a server lists folder by folder, in another order than by bytes from the first page on.
    private static let folders = (0..<40).flatMap { ["a/\(number($0))", "a-old/\(number($0))"] }

    @Test("failures of a server without byte order outlive a resume that could not start")
    func noStart() async throws {
        let buckets = OddBuckets(Self.folders) { state in
            state.sourceOrder = .folders
            state.denied = Set(Self.folders.filter { $0.hasSuffix("3") })
        }
        let denied = buckets.now.denied
        try await buckets.run { client in
            try await JobOfRuns.with(client) { runs in
                var first = try await runs.run()
                if first.abortedBy?.code == .notInByteOrder { first = try await runs.run() }
                #expect(first.counters.failed.objects == denied.count && first.counters.isListingComplete)
                for scope in [CopyRun.Scope.failedOnly, .everything] {
                    buckets.change { $0.isDown = true }
                    await #expect(throws: BrigadeError.self) { try await runs.run(scope) }
                    #expect(try runs.failures == denied)
                    #expect(try runs.record.state == .failures)
                    buckets.change { $0.isDown = false }
                    // Nor does one that is stopped at once lose any.
                    _ = try await runs.run(scope) { _ in true }
                    #expect(try runs.failures == denied)
                }
                buckets.change { $0.denied = [] }
                let last = try await runs.run(.failedOnly)
                #expect(last.isComplete && last.counters.copied.objects == denied.count)
                #expect(buckets.now.destination == Set(Self.folders))
            }
        }
    }

    @Test("more failures than are read at a time are all tried again", arguments: OddBuckets.Order.allCases)
    func manyFailures(order: OddBuckets.Order) async throws {
        let keys = ["0"] + (0..<1150).map { "a/\(Self.number($0))" } + ["a-0", "b"]
        let buckets = OddBuckets(keys) { state in
            state.sourceOrder = order
            state.pageSize = 400
            state.denied = Set(keys.filter { $0.hasPrefix("a/") })
        }
        try await buckets.run { client in
            try await JobOfRuns.with(client) { runs in
                var first = try await runs.run()
                if first.abortedBy?.code == .notInByteOrder { first = try await runs.run() }
                #expect(first.counters.failed.objects == 1150, "\(first.abortedBy?.message ?? "")")
                // Still refused: the run goes through all of them, and ends by itself.
                let second = try await runs.run()
                #expect(second.abortedBy == nil && second.counters.failed.objects == 1150)
                buckets.change { $0.denied = [] }
                let third = try await runs.run(.failedOnly)
                #expect(third.isComplete && third.counters.copied.objects == 1150)
                #expect(buckets.now.destination == Set(keys))
                #expect(try runs.failures.isEmpty)
            }
        }
    }

    @Test("a page without keys that says more follow does not pass for a deleted object", arguments: [1, 4])
    func emptyPages(fetchers: Int) async throws {
        let keys = (0..<30).map { "k\(Self.number($0))" }
        let buckets = OddBuckets(keys) { $0.denied = Set(keys.prefix(11)) }
        try await buckets.run { client in
            try await JobOfRuns.with(client) { runs in
                runs.job.fetchers = fetchers
                #expect(try await runs.run().counters.failed.objects == 11)
                buckets.change { state in
                    state.denied = []
                    state.sendsEmptyPages = true
                    state.source.remove(keys[10])
                }
                let second = try await runs.run(.failedOnly)
                #expect(second.counters.copied.objects == 10 && second.counters.skipped.objects == 1)
                #expect(second.isComplete)
                #expect(buckets.now.destination == Set(keys).subtracting([keys[10]]))
            }
        }
    }

    @Test("what was listed before is not passed over when it does not fit what is listed now", arguments: [1, 4])
    func seams(fetchers: Int) async throws {
        let keys = ["a", "m/", "m-", "z"].flatMap { name in (0..<100).map { name + Self.number($0) } }
        let buckets = OddBuckets(keys) { $0.sourceOrder = .folders }
        func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }
        var job = ListJob(try ObjectLocation("s3://source"))
        job.fetchers = fetchers
        // What lies between was listed by an earlier run, by ranges that each were in order: m-00051 to m-00099, and all
        // of m/, as it seemed.
        job.ranges = [KeyRange(after: bytes("a00050"), through: bytes("m-00050")), KeyRange(after: bytes("z00050"))]
        try await buckets.run { client in
            let summary = try await ListRun(job, client: client).run { _ in }
            #expect(summary.abortedBy?.code == .notInByteOrder, "\(summary.abortedBy?.message ?? "")")
            buckets.change { $0.sourceOrder = .bytes }
            let ordered = try await ListRun(job, client: client).run { _ in }
            #expect(ordered.abortedBy == nil && ordered.counters.objects == 49 + 51 + 49)
        }
    }

    @Test("one object that gets no answer does not end a job that copies one at a time")
    func oneUnanswered() async throws {
        let keys = (0..<12).map { "k\(Self.number($0))" }
        let buckets = OddBuckets(keys) { $0.unanswered = [keys[5]] }
        try await buckets.run(closes: true) { client in
            try await JobOfRuns.with(client) { runs in
                runs.job.concurrency = 1
                let summary = try await runs.run()
                #expect(summary.abortedBy == nil && !summary.isComplete)
                #expect(summary.counters.copied.objects == 11 && summary.counters.failed.objects == 1)
            }
        }
    }

    @Test("a run that tries only what failed is judged by that, though the job is unfinished")
    func failedOnlyOfUnfinished() async throws {
        let keys = (0..<2000).map { "k\(Self.number($0))" }
        let buckets = OddBuckets(keys) { $0.denied = Set(keys.prefix(5)) }
        try await buckets.run { client in
            try await JobOfRuns.with(client) { runs in
                runs.job.concurrency = 1
                let first = try await runs.run { $0.failed.objects == 5 }
                #expect(first.wasStopped && !first.counters.isListingComplete && first.counters.failed.objects == 5)
                let second = try await runs.run(.failedOnly)
                #expect(!second.isComplete && second.counters.failed.objects == 5)
                buckets.change { $0.denied = [] }
                let third = try await runs.run(.failedOnly)
                #expect(third.isComplete && !third.counters.isListingComplete)
                #expect(third.counters.copied.objects == 5 && third.counters.listed.objects == 5)
                #expect(try runs.record.state == .unfinished)
            }
        }
    }

    @Test("what a verification finds missing is copied by the next run", arguments: OddBuckets.Order.allCases)
    func verification(order: OddBuckets.Order) async throws {
        for scope in [CopyRun.Scope.failedOnly, .everything] {
            let buckets = OddBuckets(Self.folders) { state in
                (state.sourceOrder, state.destinationOrder) = (order, order)
                state.lost = Set(Self.folders.filter { $0.hasSuffix("7") })
                state.denied = [Self.folders[7], Self.folders[8]]
            }
            let (lost, denied) = (buckets.now.lost, buckets.now.denied)
            try await buckets.run { client in
                try await JobOfRuns.with(client) { runs in
                    runs.job.isVerified = true
                    let first = try await runs.run()
                    #expect(first.verification?.verdict == .different && !first.isComplete)
                    #expect(first.verification?.counters.missing == lost.union(denied).count)
                    #expect(try runs.failures == lost.union(denied))
                    let record = try runs.record
                    #expect(record.state == .failures)
                    // What failed before keeps its own cause.
                    let groups = Dictionary(uniqueKeysWithValues: record.failures.map { ($0.reason, $0.objects) })
                    #expect(groups == ["AccessDenied": 2, "Missing": lost.subtracting(denied).count])
                    buckets.change { ($0.lost, $0.denied) = ([], []) }
                    let second = try await runs.run(scope)
                    #expect(second.isComplete && second.verification?.verdict == .equal)
                    #expect(second.counters.copied.objects == lost.union(denied).count)
                    #expect(buckets.now.destination == Set(Self.folders))
                    #expect(try runs.record.state == .complete)
                }
            }
        }
    }

    @Test("what lies at the destination is not reported as missing when only that is out of byte order")
    func unorderedDestination() async throws {
        let names = (0..<60).map { Self.number($0) }
        for keys in [
            ["a-b", "a-c", "a-d"] + (0..<9).map { "z\($0)" },
            names.flatMap { ["a\($0)", "m-\($0)", "z\($0)"] },
        ] {
            let buckets = OddBuckets(keys) { state in
                state.destination = Set(keys + ["a/old"] + names.map { "m/\($0)" })
                state.destinationOrder = .folders
                state.pageSize = 3
            }
            try await buckets.run { client in
                for fetchers in [1, 4] {
                    var job = ComparisonJob(try ObjectLocation("s3://source"), try ObjectLocation("s3://destination"))
                    job.fetchers = fetchers
                    let found = try await ComparisonRun(job, client: client).run()
                    #expect(found.verdict == .extra && !found.isInByteOrder, "\(found.abortedBy?.message ?? "")")
                    #expect(found.counters.missing == 0 && found.counters.extra == 61)
                    #expect(found.counters.same == keys.count)
                }
            }
        }
    }
}
