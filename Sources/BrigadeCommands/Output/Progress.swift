/// A line on a terminal that is written over itself once a second.
enum Progress {
    /// Does work, and shows how far it is meanwhile.
    ///
    /// - Parameters:
    ///   - line: What the line's text depends on beside the time, at the start.
    ///   - text: Makes the text for a time.
    ///   - work: What to do.
    /// - Returns: What the work returns, once the line is taken away.
    /// - Throws: What the work throws.
    static func showing<Line: Sendable, Result: Sendable, Failure: Error>(
        _ line: Line,
        _ text: @escaping @Sendable (inout Line, ContinuousClock.Instant) -> String,
        while work: () async throws(Failure) -> Result
    ) async throws(Failure) -> Result {
        let outcome = await withTaskGroup { group in
            group.addTask {
                var line = line
                while (try? await Task.sleep(for: .seconds(1))) != nil { StandardError.showProgress(text(&line, .now)) }
                StandardError.clearProgress()
            }
            defer { group.cancelAll() }
            do throws(Failure) {
                return Swift.Result<Result, Failure>.success(try await work())
            } catch {
                return .failure(error)
            }
        }
        return try outcome.get()
    }
}
