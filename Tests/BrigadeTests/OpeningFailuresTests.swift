import Testing

@testable import Brigade

@Suite("a run whose first objects are all refused")
struct OpeningFailuresTests {
    private let denied = CopyVerdict.failed(CopyFailure(code: "AccessDenied", message: ""))

    /// After how many of these verdicts there is no use in going on; `nil` for never.
    private func end(_ verdicts: [CopyVerdict]) -> Int? {
        var failures = OpeningFailures()
        return verdicts.enumerated().first { failures.note($0.element) }.map { $0.offset + 1 }
    }

    private func many(_ verdict: CopyVerdict) -> [CopyVerdict] { Array(repeating: verdict, count: 3000) }

    @Test("ends after a page of them, whatever was skipped between")
    func ends() {
        #expect(end(many(denied)) == 1000)
        #expect(end(many(.failed(CopyFailure(code: "KMS.DisabledException", message: "")))) == 1000)
        #expect(end([.skipped(.prefixItself), denied, .skipped(.deletedMeanwhile)] + many(denied)) == 1002)
    }

    @Test(
        "goes on once anything shows that not all are alike",
        arguments: [
            CopyVerdict.copied, .copiedNewer, .failed(CopyFailure(code: "KMS.NotFoundException", message: "")),
            .failed(CopyFailure(code: "InvalidObjectState", message: "")),
        ]
    )
    func goesOn(other: CopyVerdict) {
        #expect(end([other] + many(denied)) == nil)
        #expect(end(Array(repeating: denied, count: 999) + [other] + many(denied)) == nil)
    }

    @Test("what objects are refused for by themselves never ends a run")
    func ownFaults() {
        for code in ["InvalidObjectState", "EntityTooLarge", "NoSuchKey", "InternalError"] {
            #expect(end(many(.failed(CopyFailure(code: code, message: "")))) == nil)
        }
    }

    @Test("an earlier run that copied something has shown that not all are alike")
    func earlierRun() {
        var failures = OpeningFailures(hasCopied: true)
        #expect(!many(denied).contains { failures.note($0) })
    }

    @Test("is noticed once")
    func once() {
        var failures = OpeningFailures()
        #expect(many(denied).count { failures.note($0) } == 1)
    }
}
