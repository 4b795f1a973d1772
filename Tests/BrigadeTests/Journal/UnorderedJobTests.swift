import Keyspace
import S3Protocol
import ServerTestSupport
import Testing

@testable import Brigade

@Suite("The journal of a job whose ranges mean nothing, or do not reach as far as they seem")
struct UnorderedJobTests {
    private let failure = CopyVerdict.failed(CopyFailure(code: "AccessDenied", message: "no"))

    private func newJob(_ state: StateDirectory) throws -> String {
        let source = try ObjectLocation("s3://source")
        return try state.makeJob(JobDefinition(source: source, destination: source)).id
    }

    private func batch(_ keys: [String], _ after: String, _ through: String?) throws -> ListedBatch {
        let range = KeyRange(after: Array(after.utf8), through: through.map { Array($0.utf8) })
        return ListedBatch(try TestPages.page(keys)[...], covering: range)
    }

    private func unordered(_ keys: [String]) throws -> ListedBatch {
        ListedBatch(try TestPages.page(keys)[...], covering: nil)
    }

    private var whole: CopySummary {
        var summary = CopySummary()
        summary.counters.isListingComplete = true
        return summary
    }

    @Test("what failed stays when a run lists nothing, and tries some of it, or none")
    func keepsFailures() async throws {
        try await withTemporaryFolder { folder in
            let state = StateDirectory(path: folder)
            let id = try newJob(state)
            for (run, expected) in [3, 3, 2].enumerated() {
                let journal = try state.openJob(id)
                let recorder = try journal.beginRun()
                if run == 0 {
                    for item in recorder.begin(try unordered(["b", "a", "c"]))[0] { recorder.record(failure, on: item) }
                } else {
                    #expect(recorder.remaining?.isEmpty == true)
                }
                if expected == 2 {
                    let failed = try #require(try journal.failures(above: nil, before: 9, limit: 1).first)
                    recorder.record(.copied, onRetried: failed)
                }
                try await recorder.commit()
                try await recorder.finish(whole)
                #expect(try state.record(of: id).failedObjects == expected)
                #expect(try state.record(of: id).isCovered)
            }
        }
    }

    @Test("first pages in order do not become ranges once the order is known to mean nothing")
    func noRanges() async throws {
        try await withTemporaryFolder { folder in
            let state = StateDirectory(path: folder)
            let id = try newJob(state)
            let listed = [
                try batch(["a", "c"], "", "c"), try unordered(["b"]), try batch(["d", "e"], "c", "e"),
            ]
            for run in 1...3 {
                let journal = try state.openJob(id)
                let recorder = try journal.beginRun()
                #expect(recorder.remaining == nil && recorder.isInByteOrder == (run == 1))
                // The second run sees only what is in order, before it is killed.
                for (index, batch) in (run == 2 ? [listed[0]] : listed).enumerated() {
                    let parts = recorder.begin(batch)
                    #expect(parts.map(\.range) == [run == 1 && index == 0 ? KeyRange(through: [0x63]) : nil])
                    for item in parts.flatMap({ Array($0) }) { recorder.record(failure, on: item) }
                }
                try await recorder.commit()
                #expect(try state.record(of: id).failedObjects == 5)
                #expect(try !state.record(of: id).isCovered)
            }
        }
    }

    @Test("the end of a range is done with when the one above was delivered, in any order")
    func rangeEnds() async throws {
        func text(_ bytes: [UInt8]?) -> String { String(decoding: bytes ?? [], as: UTF8.self) }
        let lower = try batch(["a", "c"], "", "m")
        let middle = try batch([], "m", "p")
        let upper = try batch(["s"], "p", "t")
        let last = try batch(["u"], "t", nil)
        let cases: [([ListedBatch], [String])] = [
            ([lower], ["c…"]), ([middle], ["…"]), ([upper], ["…p", "s…"]), ([last], ["…t"]),
            ([lower, middle], ["m…"]), ([middle, lower], ["m…"]), ([lower, upper], ["c…p", "s…"]),
            ([upper, lower], ["c…p", "s…"]), ([lower, middle, upper], ["s…"]), ([upper, middle, lower], ["s…"]),
            ([upper, middle], ["…m", "s…"]), ([last, upper], ["…p"]), ([last, upper, middle], ["…m"]),
            ([middle, last, lower, upper], []), ([lower, upper, last, middle], []), ([last, lower], ["c…t"]),
        ]
        for (batches, left) in cases {
            try await withTemporaryFolder { folder in
                let start = ProgressRecorder.Start(
                    ledger: CompletionLedger(),
                    isInByteOrder: true,
                    isCovered: false,
                    generation: 0,
                    run: RunRow(number: 1, startedAt: 0),
                    hasCopied: false
                )
                var progress = RunProgress(start, try CompletionLog(path: folder + "/log", generation: 0))
                for item in batches.flatMap({ progress.begin($0) }).flatMap({ Array($0) }) {
                    progress.record(.copied, on: item.object.key, size: 1, batch: item.batch, index: item.index)
                }
                let gaps = CompletionLedger(progress.snapshot().stretches).gaps(in: KeyRange())
                #expect(gaps.map { "\(text($0.after))…\(text($0.through))" } == left)
                #expect(progress.coversEverything == left.isEmpty)
            }
        }
    }
}
