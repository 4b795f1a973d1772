import FlowControl
import TestSupport
import Testing

@Suite("Retries")
struct RetryPolicyTests {
    /// A source of randomness at one end of its range.
    private struct Constant: RandomNumberGenerator {
        var value: UInt64

        mutating func next() -> UInt64 { value }
    }

    private func wait(_ policy: RetryPolicy, _ failure: RetryPolicy.Failure, attempt: Int, _ seed: UInt64) -> Duration?
    {
        var random = SeededGenerator(seed: seed)
        switch policy.decide(after: failure, attempt: attempt, using: &random) {
        case .giveUp: return nil
        case .retry(let delay): return delay
        }
    }

    /// The bound that waits come close to and do not pass.
    private func longestWait(_ failure: RetryPolicy.Failure, attempt: Int) throws -> Duration {
        let waits = try (UInt64(0)..<500).map { try #require(wait(RetryPolicy(), failure, attempt: attempt, $0)) }
        return try #require(waits.max())
    }

    @Test("a request that would fail again is not sent again")
    func permanent() {
        #expect(wait(RetryPolicy(), .permanent, attempt: 1, 0) == nil)
    }

    @Test("the attempts are counted with the first one")
    func attempts() {
        var policy = RetryPolicy()
        policy.maximumAttempts = 3
        #expect(wait(policy, .transient, attempt: 1, 0) != nil)
        #expect(wait(policy, .transient, attempt: 2, 0) != nil)
        #expect(wait(policy, .transient, attempt: 3, 0) == nil)
        policy.maximumAttempts = 1
        #expect(wait(policy, .throttled, attempt: 1, 0) == nil)
    }

    @Test(
        "waits are spread over a back-off that doubles up to its bound",
        arguments: [
            (RetryPolicy.Failure.transient, 1, 100), (.transient, 2, 200), (.transient, 7, 6_400),
            (.throttled, 1, 500), (.throttled, 4, 4_000), (.throttled, 7, 20_000),
        ]
    )
    func backOff(failure: RetryPolicy.Failure, attempt: Int, milliseconds: Int) throws {
        let bound = Duration.milliseconds(milliseconds)
        let longest = try longestWait(failure, attempt: attempt)
        #expect(longest <= bound)
        #expect(longest > bound * 0.95, "500 draws come close to the bound")
        let shorter = try (UInt64(0)..<500)
            .map { try #require(wait(RetryPolicy(), failure, attempt: attempt, $0)) }
            .filter { $0 < bound / 2 }
        #expect((200...300).contains(shorter.count), "half of them wait less than half: the jitter is full")
    }

    @Test("no number of attempts makes the back-off overflow")
    func manyAttempts() throws {
        var policy = RetryPolicy()
        policy.maximumAttempts = .max
        var random = Constant(value: .max)
        for attempt in [20, 21, 64, 65, 1_000_000] {
            guard case .retry(let delay) = policy.decide(after: .throttled, attempt: attempt, using: &random) else {
                Issue.record("attempt \(attempt) was given up")
                continue
            }
            #expect(delay <= .seconds(20))
            #expect(delay > .seconds(19))
        }
    }
}
