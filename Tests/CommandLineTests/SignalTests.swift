import Foundation
import Glibc
import LocalS3
import Testing

@Suite("brigade copy: signals", .serialized)
struct SignalTests {
    /// Starts a copy that takes its time, and waits until it is well under way.
    private func slowCopy(_ bench: Bench, _ options: String...) async throws -> BrigadeProcess {
        let process = try bench.start(
            ["copy", "s3://source", "s3://destination", "--endpoint", bench.server.endpoint, "--concurrency", "4"]
                + options
        )
        try await waitUntil("the copy is under way") {
            bench.server.statistics.requests["CopyObject", default: 0] >= 20
        }
        return process
    }

    @Test("SIGINT and SIGTERM end a copy with a summary that accounts for every object", arguments: [SIGINT, SIGTERM])
    func stop(signal: CInt) async throws {
        try await Bench.run(objects: 3000, latency: .milliseconds(20)) { bench in
            let process = try await slowCopy(bench, "--format", "json")
            process.signal(signal)
            let outcome = try await process.wait()
            #expect(outcome.status == 130)
            let remarks = outcome.remarks
            #expect(remarks.count == 2)
            #expect(
                remarks.first
                    == "brigade: stopping; copies under way have 30.0 s to finish (once more to leave at once)"
            )
            #expect(
                remarks.last?.wholeMatch(of: /brigade: 'brigade resume [0-9a-z-]+' goes on with what is left/) != nil
            )
            let summary = try Summary(outcome)
            #expect(summary.interrupted && !summary.complete)
            #expect(summary.error == nil)
            let objects = summary.objects
            #expect(objects.copied >= 20 && objects.notTried > 0)
            #expect(objects.listed == objects.copied + objects.notTried)
            #expect(objects.copied == (try bench.keys(in: "destination").count))
        }
    }

    @Test("the text says what was not tried")
    func text() async throws {
        try await Bench.run(objects: 3000, latency: .milliseconds(20)) { bench in
            let process = try await slowCopy(bench)
            process.signal(SIGINT)
            let outcome = try await process.wait()
            #expect(outcome.status == 130)
            #expect(outcome.output.contains(/, failed 0, not tried [0-9,]+\./))
        }
    }

    @Test("a second signal ends it at once")
    func twice() async throws {
        try await Bench.run(objects: 1000, latency: .seconds(8)) { bench in
            let process = try bench.start([
                "copy", "s3://source", "s3://destination", "--endpoint", bench.server.endpoint,
            ])
            try await waitUntil("copies are under way") {
                bench.server.statistics.requests["CopyObject", default: 0] > 0
            }
            process.signal(SIGINT)
            try await waitUntil("the first signal was seen") { try process.errorsSoFar.contains("stopping") }
            // A second signal right after the first is taken for the same one.
            try await Task.sleep(for: .milliseconds(1200))
            process.signal(SIGINT)
            let outcome = try await process.wait()
            #expect(outcome.status == 130)
            // It did not wait for the answers.
            #expect(outcome.output.isEmpty)
            #expect(try await bench.brigade("jobs").output.contains("unfinished"))
        }
    }
}
