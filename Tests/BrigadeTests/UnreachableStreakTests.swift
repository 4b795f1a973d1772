import S3Client
import Testing

@testable import Brigade

@Suite("objects that fail one after the other because the service cannot be reached")
struct UnreachableStreakTests {
    private let unreachable = CopyVerdict.failed(CopyFailure(S3ClientError(code: .connectionClosed, message: "")))
    private let denied = CopyVerdict.failed(CopyFailure(code: "AccessDenied", message: ""))

    @Test("are a reason to ask the service when there are enough in a row, and once until it answers")
    func asks() {
        var streak = UnreachableStreak(limit: 3)
        func asks(_ verdicts: CopyVerdict...) -> [Bool] { verdicts.map { streak.note($0) } }
        let few = asks(unreachable, unreachable, .copied, unreachable, unreachable, denied, unreachable, unreachable)
        #expect(few == Array(repeating: false, count: 8))
        let enough = asks(unreachable, unreachable, unreachable, .copied, unreachable, unreachable, unreachable)
        #expect(enough == [true] + Array(repeating: false, count: 6))
        streak.answered()
        #expect(asks(unreachable, unreachable, unreachable) == [false, false, true])
    }
}
