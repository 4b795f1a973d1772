import Keyspace
import S3Client
import S3Protocol
import ServerTestSupport
import TestSupport
import Testing

@testable import Brigade

@Suite("What a run has done, through its journal")
struct ProgressRecorderTests {
    /// A bucket, and what has become of its objects, as the server would know it.
    private struct Model {
        let keys: [String]
        var copied: [String: Int] = [:]
        var failing: Set<String> = []

        /// The batches in which a range is listed, each of up to 20 keys.
        func batches(of range: KeyRange, _ random: inout SeededGenerator) throws -> [ListedBatch] {
            var rest = keys.filter { range.contains(Array($0.utf8)[...]) }[...]
            var after = range.after
            var batches: [ListedBatch] = []
            repeat {
                let page = rest.prefix(random.number(1...20))
                rest = rest.dropFirst(page.count)
                let through = rest.isEmpty ? range.through : Array((page.last ?? "").utf8)
                let objects = try TestPages.page(Array(page))[...]
                batches.append(ListedBatch(objects, covering: KeyRange(after: after, through: through)))
                after = through ?? []
            } while !rest.isEmpty
            return batches
        }
    }

    private func newJob(_ state: StateDirectory) throws -> String {
        let source = try ObjectLocation("s3://source")
        return try state.makeJob(JobDefinition(source: source, destination: source)).id
    }

    @Test(
        "a run may be killed at any moment, and nothing is lost or done twice",
        arguments: 1...40 as ClosedRange<UInt64>
    )
    func killed(seed: UInt64) async throws {
        try await withTemporaryFolder { folder in
            var random = SeededGenerator(seed: seed)
            let state = StateDirectory(path: folder)
            let keys = Set(
                (0..<random.number(1...150)).map { _ in "k" + random.text(1...4, of: ["a", "b", "é", "/"]) }
            )
            var model = Model(keys: keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) })
            model.failing = Set(model.keys.filter { _ in random.chance(oneIn: 10) })
            let id = try newJob(state)
            var runs = 0
            while try !state.record(of: id).isCovered {
                runs += 1
                try #require(runs < 100)
                let journal = try state.openJob(id)
                let recorder = try journal.beginRun()
                try await run(&model, recorder, upTo: random.number(0...60), &random)
            }
            let record = try state.record(of: id)
            #expect(record.runs.dropLast().allSatisfy { $0.outcome == .killed })
            #expect(Set(model.copied.keys) == Set(model.keys).subtracting(model.failing))
            #expect(model.copied.values.allSatisfy { $0 == 1 })
            #expect(record.totals.copied.objects == model.copied.count)
            var failed: Set<String> = []
            try state.openJob(id).forEachFailure { failed.insert($0.key.description) }
            #expect(failed == model.failing)
            #expect(record.failedObjects == failed.count)
        }
    }

    /// Runs a job for so many verdicts, and is killed.
    private func run(
        _ model: inout Model,
        _ recorder: ProgressRecorder,
        upTo verdicts: Int,
        _ random: inout SeededGenerator
    ) async throws {
        var parts: [CopyBatch] = []
        for range in recorder.remaining ?? [KeyRange()] {
            for batch in try model.batches(of: range, &random) { parts += recorder.begin(batch) }
        }
        // Taken in order, four batches side by side; verdicts come as they like.
        var items = parts.shuffled(using: &random).flatMap { Array($0) }[...]
        var underWay: [CopyItem] = []
        var left = verdicts
        while left > 0, !items.isEmpty || !underWay.isEmpty {
            while underWay.count < 8, let item = items.popFirst() { underWay.append(item) }
            let item = underWay.remove(at: random.number(0...underWay.count - 1))
            let key = item.object.key.description
            if model.failing.contains(key) {
                recorder.record(.failed(CopyFailure(code: "AccessDenied", message: "no")), on: item)
            } else {
                model.copied[key, default: 0] += 1
                recorder.record(.copied, on: item)
            }
            left -= 1
            if random.chance(oneIn: 15) { try await recorder.commit() }
        }
        // What came to its end is committed; whatever else is killed as it stands.
        if items.isEmpty, underWay.isEmpty { try await recorder.commit() }
    }

    @Test("what failed is tried again, and counted once when it was copied")
    func failures() async throws {
        try await withTemporaryFolder { folder in
            let state = StateDirectory(path: folder)
            let id = try newJob(state)
            let batch = ListedBatch(try TestPages.page(["a", "b", "c"])[...], covering: KeyRange())
            do {
                let journal = try state.openJob(id)
                let recorder = try journal.beginRun()
                for item in recorder.begin(batch)[0] {
                    recorder.record(.failed(CopyFailure(code: "SlowDown", message: "busy")), on: item)
                }
                var summary = CopySummary()
                summary.counters.isListingComplete = true
                try await recorder.finish(summary)
            }
            #expect(try state.record(of: id).state == .failures)
            do {
                let journal = try state.openJob(id)
                let recorder = try journal.beginRun()
                #expect(recorder.remaining?.isEmpty == true)
                let failures = try journal.failures(above: nil, before: recorder.run, limit: 2)
                #expect(failures.map(\.key.description) == ["a", "b"])
                #expect(failures.map(\.attempts) == [1, 1])
                recorder.beginRetry(size: 1)
                recorder.record(.copied, onRetried: failures[0])
                recorder.beginRetry(size: 1)
                recorder.record(.failed(CopyFailure(code: "AccessDenied", message: "no")), onRetried: failures[1])
                try await recorder.commit()
                #expect(
                    try journal.failures(above: nil, before: recorder.run, limit: 9).map(\.key.description) == ["c"]
                )
                recorder.beginRetry(size: 1)
                // Killed before the next commit: the log knows that this one was copied.
                recorder.record(.copied, onRetried: try journal.failures(above: nil, before: recorder.run, limit: 1)[0])
            }
            let journal = try state.openJob(id)
            _ = try journal.beginRun()
            let record = try journal.record()
            #expect(record.totals.copied.objects == 2)
            #expect(record.failures.map(\.reason) == ["AccessDenied"])
            try journal.forEachFailure { #expect($0.attempts == 2 && $0.key.description == "b") }
        }
    }

    @Test("on a server without byte order nothing is passed over, and a run that listed everything ends the job")
    func unordered() async throws {
        try await withTemporaryFolder { folder in
            let state = StateDirectory(path: folder)
            let id = try newJob(state)
            let ordered = ListedBatch(
                try TestPages.page(["a", "c"])[...],
                covering: KeyRange(through: Array("c".utf8))
            )
            let unordered = ListedBatch(try TestPages.page(["b"])[...], covering: nil)
            for isLast in [false, true] {
                let journal = try state.openJob(id)
                let recorder = try journal.beginRun()
                #expect(recorder.remaining == nil && recorder.isInByteOrder == !isLast)
                for batch in [ordered, unordered] {
                    let parts = recorder.begin(batch)
                    #expect(parts.map(\.count) == [batch.objects.count])
                    for item in parts[0] {
                        recorder.record(.failed(CopyFailure(code: isLast ? "New" : "Old", message: "")), on: item)
                    }
                }
                try await recorder.commit()
                #expect(!recorder.isCovered)
                var summary = CopySummary()
                summary.counters.isListingComplete = isLast
                if isLast { try await recorder.finish(summary) }
            }
            let record = try state.record(of: id)
            #expect(record.isCovered && !record.isInByteOrder)
            #expect(record.failures.map(\.reason) == ["New"] && record.failedObjects == 3)
        }
    }

    @Test("what each run lists anew is counted once, as the run that came to its end has it")
    func totalsOfAnUnorderedJob() async throws {
        try await withTemporaryFolder { folder in
            let state = StateDirectory(path: folder)
            let id = try newJob(state)
            let listed = ListedBatch(try TestPages.page(["b", "a", "c"])[...], covering: nil)
            for number in 1...4 {
                let journal = try state.openJob(id)
                let recorder = try journal.beginRun()
                var summary = CopySummary()
                let verdict = CopyVerdict.failed(CopyFailure(code: "AccessDenied", message: ""))
                if number < 4 {
                    let items = recorder.begin(listed).flatMap { Array($0) }
                    recorder.record(number == 3 ? verdict : .copied, on: items[0])
                    recorder.record(.skipped(.deletedMeanwhile), on: items[1])
                    if number == 3 { recorder.record(.copied, on: items[2]) }
                } else {
                    let failed = try journal.failures(above: nil, before: recorder.run, limit: 9)
                    #expect(failed.count == 1 && recorder.remaining?.isEmpty == true)
                    recorder.beginRetry(size: 1)
                    recorder.record(.copied, onRetried: failed[0])
                }
                summary.counters.isListingComplete = number > 2
                summary.wasStopped = number == 2
                // The first one is killed.
                if number > 1 { try await recorder.finish(summary) } else { try await recorder.commit() }
                let totals = try journal.record().totals
                #expect(totals.copied.objects == (number == 4 ? 2 : 1), "after run \(number)")
                #expect(totals.skipped.objects == 1)
                #expect(try journal.record().skips.map(\.objects) == [1])
                #expect(totals.failed.objects == (number == 3 ? 1 : 0))
            }
            #expect(try state.record(of: id).runs.map(\.outcome) == [.killed, .interrupted, .complete, .complete])
        }
    }

    @Test("samples are in the journal with the next commit, also where nothing else was done, and thinned as they grow")
    func samples() async throws {
        try await withTemporaryFolder { folder in
            let state = StateDirectory(path: folder)
            let id = try newJob(state)
            func stored() throws -> [[MachineSample]] { try state.record(of: id).runs.map(\.samples) }
            var series = SampleSeries()
            for number in 1...2 {
                let journal = try state.openJob(id)
                series = SampleSeries()
                series.add(MachineSample(elapsed: .zero))
                journal.note(series)
                let recorder = try journal.beginRun()
                #expect(try stored().last == [])
                try await recorder.commit()
                #expect(try stored().last == series.samples)
                for second in 1...(number * 700) {
                    series.add(MachineSample(elapsed: .seconds(second)))
                    journal.note(series)
                    if second % 100 == 3 { try await recorder.commit() }
                }
                try await recorder.commit()
                #expect(try stored().last == series.samples && series.samples.count <= 601)
            }
            // Both were killed; the report tells of both.
            #expect(try stored().map(\.count) == [351, 351])
            #expect(try stored().last == series.samples)
            let record = try state.record(of: id)
            #expect(record.runs.map(\.outcome) == [.killed, .killed])
        }
    }

    @Test("what a verification found is kept with its run")
    func verification() async throws {
        try await withTemporaryFolder { folder in
            let state = StateDirectory(path: folder)
            let id = try newJob(state)
            let recorder = try state.openJob(id).beginRun()
            #expect(try state.record(of: id).runs[0].verification == nil)
            var found = ComparisonSummary()
            (found.counters.same, found.counters.extra, found.counters.missing) = (5, 2, 1)
            found.isInByteOrder = false
            found.duration = .milliseconds(1500)
            var summary = CopySummary()
            summary.verification = found
            try await recorder.finish(summary)
            let kept = try #require(try state.record(of: id).runs[0].verification)
            #expect(kept == VerificationRecord(found))
            #expect(kept.verdict == .different && kept.counters.extra == 2 && kept.message == nil)
        }
    }
}
