import Brigade
import Synchronization

extension CopyRun {
    /// Runs to the end, or until its counters say that it is to be stopped.
    ///
    /// - Parameters:
    ///   - interval: How often the counters are looked at.
    ///   - stopWhen: Whether to stop now.
    /// - Returns: What the run did.
    /// - Throws: ``BrigadeError`` if the run could not start.
    func run(
        lookingEvery interval: Duration,
        stopWhen: @Sendable (CopyCounters) -> Bool
    ) async throws -> CopySummary {
        let isOver = Atomic(false)
        async let outcome = {
            defer { isOver.store(true, ordering: .relaxed) }
            return try await run()
        }()
        while !isOver.load(ordering: .relaxed) {
            if stopWhen(counters) { stop() }
            try await Task.sleep(for: interval)
        }
        return try await outcome
    }
}
