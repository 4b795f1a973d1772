import Foundation
import S3Client
import SystemPackage
import Testing

@testable import Brigade

/// What is said when the kernel really refuses something is shown by `Tests/Witnesses/test_copy_shortages.py`.
@Suite("The diagnosis of what the machine refused")
struct SystemDiagnosisTests {
    private let diagnosis = SystemDiagnosis()

    private func explain(_ errno: Errno, remote: String? = nil, source: String? = nil) -> String? {
        diagnosis.explain(SystemRefusal(errno: errno, remote: remote, source: source))
    }

    @Test("the numbers are those of the kernel")
    func numbers() throws {
        let maximum = try String(contentsOfFile: "/proc/sys/fs/file-max", encoding: .utf8).trimming
        let files = try #require(explain(.tooManyOpenFilesInSystem))
        #expect(files.contains(" of \(maximum) files of the whole machine are open"))
        let range = try String(contentsOfFile: "/proc/sys/net/ipv4/ip_local_port_range", encoding: .utf8)
        let ends = range.split(whereSeparator: \.isWhitespace)
        let ports = try #require(explain(.addressNotAvailable, remote: "192.0.2.1:443"))
        #expect(ports.hasPrefix("of the local ports \(ends[0]) to \(ends[1]), "))
        #expect(ports.contains("connections to 192.0.2.1:443, and 0 are taken, 0 of them by connections in TIME_WAIT"))
    }

    @Test("a source address that has gone is named instead of ports")
    func sourceGone() throws {
        let gone = try #require(explain(.addressNotAvailable, remote: "192.0.2.1:443", source: "192.0.2.9"))
        #expect(gone == "the source address 192.0.2.9 is none of this machine's any more (ip address shows them)")
        let local = try #require(explain(.addressNotAvailable, remote: "192.0.2.1:443", source: "127.0.0.1"))
        #expect(local.contains(" to 192.0.2.1:443 from 127.0.0.1, and 0 are taken"))
    }

    @Test("what numbers do not explain is left alone")
    func others() {
        #expect(explain(.connectionRefused, remote: "192.0.2.1:443") == nil)
        #expect(explain(.addressNotAvailable) == nil)
    }
}

extension String {
    fileprivate var trimming: String { trimmingCharacters(in: .whitespacesAndNewlines) }
}
