import S3Protocol
import Testing

@testable import Brigade
@testable import S3Client

@Suite("Verdicts")
struct VerdictTests {
    @Test("a failure carries S3's code, and the whole story")
    func response() {
        let error = S3ResponseError(operation: .copyObject, status: 403, code: "AccessDenied", message: "why")
        let failure = CopyFailure(error)
        #expect(failure.code == "AccessDenied")
        #expect(failure.message == "CopyObject: AccessDenied: why (HTTP 403)")
        #expect(!failure.isUnreachable)
    }

    @Test("that the service cannot be reached is not the object's fault, and what it answered is")
    func unreachable() {
        for code in [S3ClientError.Code.connect, .nameLookup, .tls, .timeout, .connectionClosed] {
            #expect(CopyFailure(S3ClientError(code: code, message: "gone")).isUnreachable, "\(code)")
        }
        for code in [S3ClientError.Code.notS3, .oversized, .configuration] {
            #expect(!CopyFailure(S3ClientError(code: code, message: "odd")).isUnreachable, "\(code)")
        }
        #expect(CopyFailure(S3ClientError(code: .connect, message: "gone")).code == "connect")
    }

    @Test("sizes that no sum holds stay the largest number")
    func hugeSizes() {
        var counters = CopyCounters()
        counters.count(.copied, size: .max)
        counters.count(.copied, size: .max)
        #expect(counters.copied.objects == 2)
        #expect(counters.copied.bytes == .max)
    }

    @Test("each verdict is counted once, with the object's size")
    func counters() {
        var counters = CopyCounters()
        counters.count(.copied, size: 10)
        counters.count(.copied, size: 0)
        counters.count(.copiedNewer, size: 5)
        counters.count(.skipped(.deletedMeanwhile), size: 3)
        counters.count(.failed(CopyFailure(code: "x", message: "y")), size: 100)
        var expected = CopyCounters()
        (expected.copied.objects, expected.copied.bytes, expected.copiedNewer) = (3, 15, 1)
        (expected.skipped.objects, expected.skipped.bytes) = (1, 3)
        (expected.failed.objects, expected.failed.bytes) = (1, 100)
        #expect(counters == expected)
    }

    @Test("a run is complete only when all was listed, nothing failed and nobody stopped it")
    func complete() {
        var counters = CopyCounters()
        counters.isListingComplete = true
        var done = CopySummary()
        done.counters = counters
        #expect(done.isComplete)
        for spoil: (inout CopySummary) -> Void in [
            { $0.counters.isListingComplete = false },
            { $0.counters.count(.failed(CopyFailure(code: "x", message: "y")), size: 1) },
            { $0.wasStopped = true },
            { $0.abortedBy = BrigadeError(code: .listingFailed, message: "why") },
            { $0.verification = Self.found { $0.counters.missing = 1 } },
            { $0.verification = Self.found { $0.counters.different = 1 } },
            { $0.verification = Self.found { $0.wasStopped = true } },
            { $0.verification = Self.found { $0.abortedBy = BrigadeError(code: .listingFailed, message: "why") } },
        ] {
            var summary = done
            spoil(&summary)
            #expect(!summary.isComplete)
        }
        done.verification = Self.found { $0.counters.same = 1 }
        #expect(done.isComplete && done.verification?.verdict == .equal)
        done.verification = Self.found { $0.counters.extra = 1 }
        #expect(done.isComplete && done.verification?.verdict == .extra, "what else is there does not matter")
    }

    private static func found(_ change: (inout ComparisonSummary) -> Void) -> ComparisonSummary {
        var summary = ComparisonSummary()
        change(&summary)
        return summary
    }

    @Test("what an archived object and an unusable key need is said")
    func hints() throws {
        let page = try TestPages.page(["a"])
        let object = page[0]
        func message(_ code: String) -> String {
            CopyFailure(S3ResponseError(operation: .copyObject, status: 403, code: code), on: object).message
        }
        #expect(
            message("InvalidObjectState").hasPrefix("it is archived, and has to be restored before it can be copied: ")
        )
        #expect(message("KMS.DisabledException").hasPrefix("an encryption key of the source or the destination cannot"))
        #expect(message("AccessDenied") == "CopyObject: AccessDenied (HTTP 403)")
    }
}
