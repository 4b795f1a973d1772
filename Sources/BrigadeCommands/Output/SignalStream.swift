/// Lets a task wait until the process is asked to end.
struct SignalStream {
    private let stream: AsyncStream<Void>
    private let watch: SignalWatch

    /// Begins to watch.
    init() {
        let (stream, continuation) = AsyncStream.makeStream(of: Void.self)
        self.stream = stream
        watch = SignalWatch { continuation.yield() }
    }

    /// Waits for the first signal.
    func first() async {
        for await _ in stream { break }
        withExtendedLifetime(watch) {}
    }
}
