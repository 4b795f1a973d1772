import Foundation
import NIOHTTP1
import Testing

@testable import LocalS3

/// The storage in a folder, with no sockets.
@Suite final class FolderTests {
    private let root = NSTemporaryDirectory() + "locals3-tests-\(UUID().uuidString)"

    deinit {
        try? FileManager.default.removeItem(atPath: root)
    }

    private func withClient(_ body: (TestClient) throws -> Void) throws {
        try body(TestClient(store: FolderLayout.open(root)))
    }

    private func code(_ body: () throws -> Void) -> LocalS3Error.Code? {
        do {
            try body()
            return nil
        } catch {
            return (error as? LocalS3Error)?.code
        }
    }

    private func objectFiles() throws -> [String] {
        try FileManager.default.subpathsOfDirectory(atPath: root).filter { $0.split(separator: "/").last?.count == 64 }
    }

    @Test func findsEverythingAgain() throws {
        let keys = ["a", "a/", "/", "../x", "a\u{0}b", "é", String(repeating: "k", count: 1024)]
        let headers: HTTPHeaders = [
            "Content-Type": "text/x", "x-amz-meta-a": "b", "x-amz-tagging": "t=u", "x-amz-checksum-crc32": "NhCmhg==",
        ]
        var listed = ""
        try withClient { client in
            for key in keys { try client.put(key) }
            try client.send("PUT", "/one/full", headers, text: "hello")
            try client.send("PUT", "/two/copy", ["x-amz-copy-source": "one/full"])
            try client.send("DELETE", "/one/a/")
            try client.send("PUT", "/one/a", text: "replaced")
            listed = try client.list("").text
        }
        try withClient { client in
            #expect(try client.list("").text == listed)
            #expect(try client.send("GET", "/one/a").text == "replaced")
            let copy = try client.send("GET", "/two/copy", ["x-amz-checksum-mode": "ENABLED"])
            #expect(copy.text == "hello")
            for (name, value) in headers where name != "x-amz-tagging" {
                #expect(copy.headers.first(name: name) == value)
            }
            #expect(try client.send("GET", "/two/copy?tagging").element("Key") == "t")
            #expect(try client.send("DELETE", "/two/copy").status == 204)
            #expect(try client.send("DELETE", "/two").status == 204)
        }
        let buckets = try FileManager.default.contentsOfDirectory(atPath: root + "/buckets")
        #expect(buckets == ["one"])
        #expect(try FileManager.default.contentsOfDirectory(atPath: root + "/incoming") == [])
    }

    @Test func joinsParts() throws {
        try withClient { client in
            let id = try #require(try client.send("POST", "/one/key?uploads").element("UploadId"))
            let large = [UInt8](repeating: 7, count: 5 << 20)
            var parts = ""
            for (number, body) in [(1, large), (2, [1, 2, 3])] {
                let answer = try client.send("PUT", "/one/key?partNumber=\(number)&uploadId=\(id)", body: body)
                let tag = try #require(answer.headers.first(name: "ETag"))
                parts += "<Part><PartNumber>\(number)</PartNumber><ETag>\(tag)</ETag></Part>"
            }
            let document = "<CompleteMultipartUpload>\(parts)</CompleteMultipartUpload>"
            #expect(try client.send("POST", "/one/key?uploadId=\(id)", text: document).status == 200)
            try client.send("POST", "/one/other?uploads")
        }
        try withClient { client in
            let part = try client.send("GET", "/one/key?partNumber=2")
            #expect(part.body == [1, 2, 3])
            #expect(part.headers.first(name: "x-amz-mp-parts-count") == "2")
            #expect(try client.send("GET", "/one?uploads").elements("Key") == [])
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: root + "/incoming") == [])
    }

    @Test func leavesNothingOfARefusedBody() throws {
        try withClient { client in
            let answer = try client.send("PUT", "/one/a", ["Content-MD5": "1B2M2Y8AsgTpgAmY7PhCfg=="], text: "hello")
            #expect(answer.element("Code") == "BadDigest")
            #expect(try FileManager.default.contentsOfDirectory(atPath: root + "/incoming") == [])
        }
    }

    @Test func keepsAReadersBytesWhenTheObjectIsReplaced() throws {
        try withClient { client in
            try client.put("a")
            let response = client.service.respond(to: RequestHead(method: "GET", target: "/one/a", headers: [:]))
            _ = try client.send("PUT", "/one/a", text: "other")
            guard case .stored(var reader) = response.content else {
                Issue.record("the body was not read from the storage")
                return
            }
            #expect(try reader.next(upTo: 10) == Array("a".utf8)[...])
        }
    }

    @Test func refusesAFolderOfSomethingElse() throws {
        try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
        try Data("mine".utf8).write(to: URL(fileURLWithPath: root + "/notes.txt"))
        #expect(code { try withClient { _ in } } == .foreignFolder)
        #expect(try FileManager.default.contentsOfDirectory(atPath: root) == ["notes.txt"])
    }

    @Test func saysInPlainWordsWhyAFolderCannotBeMade() throws {
        try Data().write(to: URL(fileURLWithPath: root))
        for (path, reason) in [(root, "File exists"), (root + "/below", "Not a directory")] {
            let message = "cannot make the folder \(path): \(reason)"
            #expect(throws: LocalS3Error(code: .storage, message: message)) { try FolderLayout.open(path) }
        }
    }

    @Test func isOpenOnce() throws {
        try withClient { _ in
            let second = code { try withClient { _ in } }
            #expect(second == .folderInUse)
        }
        #expect(code { try withClient { _ in } } == nil)
    }

    @Test(arguments: [
        "notes.txt", "buckets/one/notes.txt", "buckets/one/objects/notes", "buckets/one/objects/ab/x", "incoming/notes",
    ])
    func namesAForeignFileAndLeavesIt(path: String) throws {
        try withClient { try $0.put("a") }
        let url = URL(fileURLWithPath: "\(root)/\(path)")
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data("mine".utf8).write(to: url)
        do {
            try withClient { _ in }
            Issue.record("the folder was opened")
        } catch let error as LocalS3Error {
            #expect(error.code == .foreignFolder)
            #expect(error.message.contains(path))
        }
        #expect(FileManager.default.fileExists(atPath: url.path))
    }

    @Test(arguments: [0, 1, 31, 40, -1])
    func namesADamagedFileAndLeavesIt(length: Int) throws {
        try withClient { try $0.put("a") }
        let path = root + "/" + (try #require(try objectFiles().first))
        let whole = try Data(contentsOf: URL(fileURLWithPath: path))
        let damaged = whole.prefix(length < 0 ? whole.count + length : length)
        try damaged.write(to: URL(fileURLWithPath: path))
        #expect(code { try withClient { _ in } } == .damagedFile)
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == damaged)
    }

    @Test func noticesAFileUnderAnothersName() throws {
        try withClient { try $0.put("a") }
        let path = root + "/" + (try #require(try objectFiles().first))
        let other = path.dropLast(1) + (path.hasSuffix("0") ? "1" : "0")
        try FileManager.default.moveItem(atPath: path, toPath: String(other))
        #expect(code { try withClient { _ in } } == .damagedFile)
    }

    @Test func clearsWhatAnEarlierServerLeftHalfWay() throws {
        try withClient { try $0.put("a") }
        try Data("half".utf8).write(to: URL(fileURLWithPath: root + "/incoming/17.part"))
        try withClient { client in
            let keys = try client.list("").elements("Key")
            #expect(keys == ["a"])
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: root + "/incoming") == [])
    }
}
