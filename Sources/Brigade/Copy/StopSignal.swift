private import Synchronization

/// A wish to stop that can be made from anywhere, and that cuts short what nothing would be lost by.
final class StopSignal: Sendable {
    private struct State {
        var isRaised = false
        var nextWaiter = 0
        var waiters: [Int: CheckedContinuation<Void, Never>] = [:]
    }

    private let state = Mutex(State())

    /// Whether the wish was made.
    var isRaised: Bool { state.withLock { $0.isRaised } }

    /// Makes the wish; again does nothing.
    func raise() {
        let waiters = state.withLock { state in
            state.isRaised = true
            defer { state.waiters = [:] }
            return state.waiters.values
        }
        for waiter in waiters { waiter.resume() }
    }

    /// Does work that is cancelled when the wish is made; for requests that only read.
    func cutShort<Result: Sendable>(
        _ work: @escaping @Sendable () async throws -> Result
    ) async throws -> Result {
        try await withThrowingTaskGroup(of: Result?.self) { group in
            group.addTask { try await work() }
            group.addTask {
                await self.wait()
                return nil
            }
            defer { group.cancelAll() }
            // The first to end is the work, or the wait for the wish: then the work is cancelled and says so itself.
            while let result = try await group.next() {
                if let result { return result }
                group.cancelAll()
            }
            preconditionFailure("the work has a result or throws")
        }
    }

    /// Waits for the wish, or until the task is cancelled.
    func wait() async {
        let number = state.withLock { state in
            defer { state.nextWaiter += 1 }
            return state.nextWaiter
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let goesOn = state.withLock { state in
                    if state.isRaised || Task.isCancelled { return true }
                    state.waiters[number] = continuation
                    return false
                }
                if goesOn { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.waiters.removeValue(forKey: number) }?.resume()
        }
    }
}
