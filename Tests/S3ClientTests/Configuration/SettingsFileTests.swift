import Foundation
import Testing

@testable import S3Client

@Suite("Settings files on disk")
struct SettingsFileTests {
    @Test("text, an absent file, a device, a folder, bytes that are not UTF-8, too much")
    func read() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try Data("[default]\r\né\n".utf8).write(to: folder.appending(path: "text"))
        try Data([0x5B, 0xFF]).write(to: folder.appending(path: "latin"))
        #expect(try SettingsFile.read(folder.appending(path: "text").path()) == "[default]\r\né\n")
        #expect(try SettingsFile.read(folder.appending(path: "absent").path()) == nil)
        #expect(try SettingsFile.read("/dev/null") == "")
        for (path, reason) in [
            (folder.path(), "Is a directory"), (folder.appending(path: "latin").path(), "not UTF-8"),
        ] {
            let error = try #require(throws: S3ClientError.self) { try SettingsFile.read(path) }
            #expect(error.code == .configuration)
            #expect(error.message == "\(path) cannot be read: \(reason)")
        }
        let endless = try #require(throws: S3ClientError.self) { try SettingsFile.read("/dev/zero") }
        #expect(endless.message == "/dev/zero cannot be read: larger than 1048576 bytes")
    }
}
