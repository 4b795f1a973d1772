import NIOCore
import Testing

@testable import S3Client

@Suite("How long an event loop stays away from its sockets")
struct WakeModerationTests {
    private let start = NIODeadline.uptimeNanoseconds(1_000_000_000_000)

    /// A moderation that has seen one answer, and looked for more at `start`.
    private func moderation(latency: TimeAmount) -> WakeModeration {
        var moderation = WakeModeration()
        _ = moderation.answered(after: latency)
        _ = moderation.pause(inFlight: 0, at: start)
        return moderation
    }

    @Test("it asks once for all answers that the event loop found together")
    func asksOnceForEachLook() {
        var moderation = WakeModeration()
        #expect(moderation.answered(after: .milliseconds(10)) == true)
        #expect(moderation.answered(after: .milliseconds(10)) == false)
        _ = moderation.pause(inFlight: 256, at: start)
        #expect(moderation.answered(after: .milliseconds(10)) == true)
    }

    @Test("two looks are a fiftieth of the latency apart, the time since the last one counted")
    func keepsLooksApart() {
        var moderation = moderation(latency: .milliseconds(20))
        #expect(moderation.pause(inFlight: 256, at: start) == .microseconds(400))
        moderation.looks(at: start + .microseconds(400))
        #expect(moderation.pause(inFlight: 256, at: start + .microseconds(500)) == .microseconds(300))
    }

    @Test("they are at most half a millisecond apart, however slow the server is")
    func isCapped() {
        var moderation = moderation(latency: .seconds(60))
        #expect(moderation.pause(inFlight: 256, at: start) == .microseconds(500))
    }

    @Test("it never pauses with few requests under way", arguments: [0, 1, 31])
    func leavesFewRequestsAlone(inFlight: Int) {
        var moderation = moderation(latency: .milliseconds(20))
        #expect(moderation.pause(inFlight: inFlight, at: start) == nil)
        #expect(moderation.pause(inFlight: 32, at: start) != nil)
    }

    @Test("it never pauses for less than a thread can sleep")
    func leavesFastServersAlone() {
        var fast = moderation(latency: .microseconds(2499))
        #expect(fast.pause(inFlight: 256, at: start) == nil)
        var slow = moderation(latency: .microseconds(2500))
        #expect(slow.pause(inFlight: 256, at: start) == .microseconds(50))
        #expect(slow.pause(inFlight: 256, at: start + .microseconds(1)) == nil)
    }

    @Test("one slow answer changes little, many change the pause")
    func smoothsLatency() {
        var moderation = moderation(latency: .milliseconds(4))
        _ = moderation.answered(after: .milliseconds(20))
        #expect(moderation.pause(inFlight: 256, at: start) == .microseconds(100))
        for _ in 0..<200 { _ = moderation.answered(after: .milliseconds(20)) }
        let pause = moderation.pause(inFlight: 256, at: start) ?? .zero
        #expect((TimeAmount.microseconds(399)...TimeAmount.microseconds(400)).contains(pause))
    }

    @Test("a stretch without answers calls for no pause afterwards")
    func doesNotPauseAfterSilence() {
        var moderation = moderation(latency: .milliseconds(20))
        #expect(moderation.pause(inFlight: 256, at: start + .seconds(5)) == nil)
    }
}
