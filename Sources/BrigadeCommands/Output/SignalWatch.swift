private import Dispatch
private import Glibc

/// Calls back when the user or the system asks the process to end (SIGINT, SIGTERM); a second time ends it at once.
///
/// A second signal within a second of the first is taken for the same one: `timeout` and terminals signal a process and
/// its group.
final class SignalWatch {
    private let sources: [any DispatchSourceSignal]

    /// Begins to watch; the signals' default action is off for the rest of the process's life.
    ///
    /// - Parameters:
    ///   - onFirst: What to do at once; it must not block, or a second signal would not be heard.
    ///   - notify: What to do after that on a thread of its own, such as telling the user, which may block for as long
    ///     as nobody reads.
    init(_ onFirst: @escaping @Sendable () -> Void, andThen notify: @escaping @Sendable () -> Void = {}) {
        let queue = DispatchQueue(label: "signals")
        let first = FirstTime()
        sources = [SIGINT, SIGTERM].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
            source.setEventHandler {
                switch first.next() {
                case .first:
                    onFirst()
                    DispatchQueue.global().async { notify() }
                case .soonAfter: break
                case .later: _exit(130)
                }
            }
            source.activate()
            return source
        }
    }

    deinit {
        for source in sources { source.cancel() }
    }
}
