import Keyspace
import S3Protocol
import ServerTestSupport
import Testing

@testable import Brigade

@Suite("The state of a job that is verified, as its journal has it")
struct VerifiedJobTests {
    /// What a verification came to; `nil` where none was made.
    private func summary(_ verdict: ComparisonSummary.Verdict?) -> CopySummary {
        var summary = CopySummary()
        summary.counters.isListingComplete = true
        guard let verdict else { return summary }
        var found = ComparisonSummary()
        found.wasStopped = verdict == .incomplete
        found.counters.missing = verdict == .different ? 1 : 0
        found.counters.extra = verdict == .extra ? 1 : 0
        summary.verification = found
        return summary
    }

    @Test("is complete when the last verification says so, and its differences are what failed")
    func states() async throws {
        for isVerified in [true, false] {
            try await withTemporaryFolder { folder in
                let state = StateDirectory(path: folder)
                let source = try ObjectLocation("s3://source")
                var definition = JobDefinition(source: source, destination: source)
                definition.isVerified = isVerified
                let id = try state.makeJob(definition).id
                let unverified: JobRecord.State = isVerified ? .unverified : .complete
                let steps: [(ComparisonSummary.Verdict?, JobRecord.State)] = [
                    (nil, unverified), (.incomplete, unverified), (.different, .failures), (.equal, .failures),
                    (.extra, .complete), (nil, .complete), (.incomplete, unverified), (.equal, .complete),
                ]
                for (index, (verdict, expected)) in steps.enumerated() {
                    let journal = try state.openJob(id)
                    let recorder = try journal.beginRun()
                    if index == 0 { _ = recorder.begin(ListedBatch(try TestPages.page([])[...], covering: KeyRange())) }
                    if verdict == .different { recorder.record(Difference.missing(ObjectKey("k"), size: 1)) }
                    if verdict == .extra {
                        recorder.record(Difference.extra(ObjectKey("beside"), size: 1))
                        let failed = try #require(try journal.failures(above: nil, before: 99, limit: 1).first)
                        #expect(failed.key == ObjectKey("k") && failed.code == "Missing")
                        recorder.record(.copied, onRetried: failed)
                    }
                    try await recorder.finish(summary(verdict))
                    var record = try state.record(of: id)
                    // The journal is still open here.
                    record.process = nil
                    #expect(record.state == expected, "step \(index)")
                }
            }
        }
    }
}
