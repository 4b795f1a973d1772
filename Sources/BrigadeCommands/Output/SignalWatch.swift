private import Dispatch
private import Glibc

/// Calls back when the user or the system asks the process to end (SIGINT, SIGTERM); a second time ends it at once.
final class SignalWatch {
    private let sources: [any DispatchSourceSignal]

    /// Begins to watch; the signals' default action is off for the rest of the process's life.
    init(_ onFirst: @escaping @Sendable () -> Void) {
        let queue = DispatchQueue(label: "signals")
        let isFirst = FirstTime()
        sources = [SIGINT, SIGTERM].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
            source.setEventHandler {
                if isFirst.take() { onFirst() } else { _exit(130) }
            }
            source.activate()
            return source
        }
    }

    deinit {
        for source in sources { source.cancel() }
    }
}
