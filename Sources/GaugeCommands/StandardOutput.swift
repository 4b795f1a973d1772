import ArgumentParser
import Glibc

/// Standard output, of which no byte is lost in silence.
enum StandardOutput {
    /// Writes text at once.
    ///
    /// - Throws: ``GaugeExitCode/outputFailed``, when the reason has been told on standard error.
    static func write(_ text: String) throws {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(STDOUT_FILENO, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else {
                var standardError = StandardError()
                let reason = String(cString: strerror(errno))
                print("gauge: standard output cannot be written to: \(reason)", to: &standardError)
                throw GaugeExitCode.outputFailed
            }
            rest = rest.dropFirst(count)
        }
    }
}
