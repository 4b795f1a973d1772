private import Glibc
private import Synchronization
private import SystemPackage

/// Standard output: data, from any thread.
enum StandardOutput {
    /// Writes a line whole.
    static func writeLine(_ line: String) {
        write(line + "\n")
    }

    /// Writes a text whole.
    ///
    /// A reader who went away ends the process quietly, with the exit code 141, as SIGPIPE would. Output that cannot be
    /// written for another reason, such as a full disk, ends it with the exit code 2.
    static func write(_ text: String) {
        StandardStreams.write(text, to: .standardOutput)
    }

    /// Whether a person may be looking.
    static var isTerminal: Bool { isatty(STDOUT_FILENO) == 1 }

    /// Writes bytes whole, as ``write(_:)`` does, but without keeping standard error waiting meanwhile: a line of
    /// progress on the same terminal is not taken away for them.
    static func write(_ bytes: ArraySlice<UInt8>) {
        StandardStreams.write(bytes, to: .standardOutput)
    }
}

/// Standard error: progress, notices and failures, from any thread.
enum StandardError {
    /// Whether a person may be looking.
    static var isTerminal: Bool { isatty(STDERR_FILENO) == 1 }

    /// Writes a text whole, in place of the line of progress if there is one.
    static func write(_ text: String) {
        StandardStreams.write(text, to: .standardError)
    }

    /// Shows a line of progress in place of the last one; the next text takes its place.
    static func showProgress(_ line: String) {
        StandardStreams.write(line, to: .standardError, isProgress: true)
    }

    /// Takes the line of progress away.
    static func clearProgress() {
        StandardStreams.write("", to: .standardError)
    }
}

/// What the two streams share.
enum StandardStreams {
    /// Opens what the process was started without of standard input, output and error.
    ///
    /// The next socket would have such a number, and what is meant for a person would go to a server. Writing to what is
    /// opened here fails, as it should.
    static func fillMissing() {
        for number in STDIN_FILENO...STDERR_FILENO where fcntl(number, F_GETFD) == -1 {
            _ = open("/dev/null", O_RDONLY)
        }
    }

    /// Whether the terminal's last line is one of progress; locked for the whole of a write, so that the lines of
    /// several threads are not mixed.
    private static let showsProgress = Mutex(false)

    fileprivate static func write(_ text: String, to descriptor: FileDescriptor, isProgress: Bool = false) {
        showsProgress.withLock { showsProgress in
            var whole = text
            if descriptor == .standardError {
                if showsProgress || isProgress { whole = "\r\u{1B}[K" + text }
                showsProgress = isProgress
            }
            guard !whole.isEmpty else { return }
            write(Array(whole.utf8)[...], to: descriptor)
        }
    }

    fileprivate static func write(_ bytes: ArraySlice<UInt8>, to descriptor: FileDescriptor) {
        do {
            try descriptor.writeAll(waiting: bytes)
        } catch Errno.brokenPipe {
            exit(128 + SIGPIPE)
        } catch {
            // Nothing more can be done about what nobody may hear of.
            guard descriptor == .standardOutput else { return }
            let message = "brigade: the output cannot be written: \(error)\n"
            try? FileDescriptor.standardError.writeAll(waiting: Array(message.utf8)[...])
            exit(2)
        }
    }
}

extension FileDescriptor {
    /// Writes bytes whole; where the descriptor does not block, it is waited for.
    fileprivate func writeAll(waiting bytes: ArraySlice<UInt8>) throws(Errno) {
        var rest = bytes
        while !rest.isEmpty {
            do {
                rest.removeFirst(try rest.withUnsafeBytes { try write($0) })
            } catch Errno.wouldBlock {
                var request = pollfd(fd: rawValue, events: Int16(POLLOUT), revents: 0)
                _ = poll(&request, 1, -1)
            } catch let error as Errno {
                throw error
            } catch {
                preconditionFailure("FileDescriptor throws nothing but Errno: \(error)")
            }
        }
    }
}
