import S3Protocol
import Testing

@testable import Brigade
@testable import S3Client

@Suite("Verdicts")
struct VerdictTests {
    private func endsJob(_ error: any Error) -> Bool {
        do throws(JobEndingError) {
            _ = try JobEndingError.verdict(for: error)
            return false
        } catch {
            return true
        }
    }

    private func response(_ code: String, status: Int = 403) -> S3ResponseError {
        S3ResponseError(operation: .copyObject, status: status, code: code, message: "why")
    }

    @Test(
        "an error that every other object would meet ends the job",
        arguments: [
            "NoSuchBucket", "InvalidAccessKeyId", "SignatureDoesNotMatch", "ExpiredToken", "InvalidToken",
            "RequestTimeTooSkewed", "AccountProblem",
        ]
    )
    func jobEnding(code: String) {
        #expect(endsJob(response(code)))
    }

    @Test(
        "an error of one object fails that object alone",
        arguments: [
            "AccessDenied", "NoSuchKey", "InvalidObjectState", "PreconditionFailed", "SlowDown", "InternalError",
        ]
    )
    func ownError(code: String) throws {
        guard case .failed(let failure) = try JobEndingError.verdict(for: response(code)) else {
            Issue.record("\(code) is no failure")
            return
        }
        #expect(failure.code == code)
        #expect(failure.message == "CopyObject: \(code): why (HTTP 403)")
    }

    @Test("a client that was shut down ends the job, a connection that broke does not")
    func clientErrors() throws {
        #expect(endsJob(S3ClientError(code: .cancelled, message: "the client was shut down")))
        let broken = S3ClientError(code: .connectionClosed, message: "it broke", isRetryable: true)
        guard case .failed(let failure) = try JobEndingError.verdict(for: broken) else {
            Issue.record("a broken connection is no failure")
            return
        }
        #expect(failure.code == "connectionClosed")
        #expect(failure.message == "it broke")
    }

    @Test("each verdict is counted once, with the object's size")
    func counters() {
        var counters = CopyCounters()
        counters.count(.copied, size: 10)
        counters.count(.copied, size: 0)
        counters.count(.skipped(.deletedMeanwhile), size: 3)
        counters.count(.failed(CopyFailure(code: "x", message: "y")), size: 100)
        var expected = CopyCounters()
        (expected.copied.objects, expected.copied.bytes) = (2, 10)
        (expected.skipped.objects, expected.skipped.bytes) = (1, 3)
        (expected.failed.objects, expected.failed.bytes) = (1, 100)
        #expect(counters == expected)
    }

    @Test("a run is complete only when all was listed, nothing failed and nobody stopped it")
    func complete() {
        var counters = CopyCounters()
        counters.isListingComplete = true
        let done = CopySummary(
            counters: counters,
            client: ClientStatistics(),
            duration: .zero,
            abortedBy: nil,
            wasStopped: false
        )
        #expect(done.isComplete)
        for spoil: (inout CopySummary) -> Void in [
            { $0.counters.isListingComplete = false },
            { $0.counters.count(.failed(CopyFailure(code: "x", message: "y")), size: 1) },
            { $0.wasStopped = true },
            { $0.abortedBy = BrigadeError(code: .listingFailed, message: "why") },
        ] {
            var summary = done
            spoil(&summary)
            #expect(!summary.isComplete)
        }
    }
}
