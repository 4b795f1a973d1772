private import Glibc
private import Synchronization

/// Standard output: data, line by line, from any thread.
enum StandardOutput {
    /// Writes a line whole.
    ///
    /// A reader who went away ends the process quietly, as SIGPIPE would.
    static func writeLine(_ line: String) {
        StandardStreams.write(line + "\n", to: STDOUT_FILENO)
    }

    /// Writes bytes as they are.
    static func write(_ text: String) {
        StandardStreams.write(text, to: STDOUT_FILENO)
    }
}

/// Standard error: progress, notices and failures, from any thread.
enum StandardError {
    /// Whether a person may be looking.
    static var isTerminal: Bool { isatty(STDERR_FILENO) == 1 }

    static func write(_ text: String) {
        StandardStreams.write(text, to: STDERR_FILENO)
    }
}

private enum StandardStreams {
    /// Keeps lines of several threads from being mixed.
    private static let lock = Mutex(())

    static func write(_ text: String, to descriptor: CInt) {
        lock.withLock { _ in
            var rest = Array(text.utf8)[...]
            while !rest.isEmpty {
                let written = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
                if written > 0 {
                    rest.removeFirst(written)
                } else if errno == EPIPE {
                    // Nobody reads any more: end as the default action of SIGPIPE would have it.
                    exit(128 + SIGPIPE)
                } else if errno != EINTR && errno != EAGAIN {
                    return
                }
            }
        }
    }
}
