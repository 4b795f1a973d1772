internal import Foundation

/// Where temporary files go.
enum TemporaryFolder {
    /// The folder that an option names; without it, that of TMPDIR or `/var/tmp`.
    ///
    /// `/tmp` is often kept in memory, and `/var/tmp` is not (Filesystem Hierarchy Standard 3.0, sections 3.18 and 5.15).
    static func path(option: String?) -> String {
        if let option { return option }
        let own = ProcessInfo.processInfo.environment["TMPDIR"] ?? ""
        return own.isEmpty ? "/var/tmp" : own
    }
}
