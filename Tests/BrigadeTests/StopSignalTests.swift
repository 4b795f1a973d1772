import Testing

@testable import Brigade

@Suite("The wish to stop", .timeLimit(.minutes(5)))
struct StopSignalTests {
    private struct Cut: Error {}

    @Test("work that ends by itself is not disturbed")
    func undisturbed() async throws {
        let signal = StopSignal()
        #expect(try await signal.cutShort { 7 } == 7)
        await #expect(throws: Cut.self) { try await signal.cutShort { throw Cut() } }
        #expect(!signal.isRaised)
    }

    @Test("work that is under way is cancelled, and work that comes later too")
    func cutShort() async throws {
        let signal = StopSignal()
        await withTaskGroup { group in
            group.addTask {
                await #expect(throws: CancellationError.self) {
                    try await signal.cutShort { try await Task.sleep(for: .seconds(3600)) }
                }
            }
            signal.raise()
        }
        #expect(signal.isRaised)
        await #expect(throws: CancellationError.self) {
            try await signal.cutShort { try await Task.sleep(for: .seconds(3600)) }
        }
        signal.raise()
    }

    @Test("work inside a cancelled task is cancelled as well")
    func outerCancellation() async {
        let signal = StopSignal()
        let task = Task { try await signal.cutShort { try await Task.sleep(for: .seconds(3600)) } }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
    }
}
