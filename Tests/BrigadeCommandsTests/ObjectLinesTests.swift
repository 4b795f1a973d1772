import Foundation
import S3Protocol
import Testing

@testable import BrigadeCommands

@Suite("objects as lines")
struct ObjectLinesTests {
    /// The objects of a page that holds these `Contents`, whose keys are URL-encoded.
    private func objects(_ contents: String...) throws -> ListPage {
        var reader = ListPageReader()
        let text =
            "<ListBucketResult><IsTruncated>false</IsTruncated><EncodingType>url</EncodingType>"
            + contents.map { "<Contents>\($0)</Contents>" }.joined() + "</ListBucketResult>"
        let bytes = Array(text.utf8)
        try reader.read(bytes.span)
        return try reader.finish()
    }

    private func lines(_ format: ListFormat, _ page: ListPage) -> [UInt8] {
        var lines = ObjectLines(format)
        for object in page { lines.append(object) }
        return lines.bytes
    }

    private func text(_ format: ListFormat, _ contents: String) throws -> String {
        String(decoding: lines(format, try objects(contents)), as: UTF8.self)
    }

    private static let plain =
        "<Key>photos/a%20b.jpg</Key><LastModified>2024-02-29T09:05:07.123Z</LastModified>"
        + "<ETag>&quot;d41d8cd9-2&quot;</ETag><Size>5368709120</Size><StorageClass>GLACIER</StorageClass>"

    @Test("text is time, size and key in columns")
    func text() throws {
        #expect(try text(.text, Self.plain) == "2024-02-29 09:05:07   5368709120 photos/a b.jpg\n")
        #expect(try text(.text, "<Key>a</Key><Size>0</Size>") == "                               0 a\n")
        #expect(
            try text(.text, "<Key>a</Key><Size>\(Int.max)</Size>") == "                    9223372036854775807 a\n"
        )
        #expect(
            try text(.text, "<Key>tab%09%5C%0Aline%E2%80%AE</Key><Size>12</Size>")
                == #"                              12 tab\x09\\\x0Aline\x202E"# + "\n"
        )
    }

    @Test("JSON has a member for everything that the server told")
    func json() throws {
        #expect(
            try text(.json, Self.plain)
                == #"{"key":"photos/a b.jpg","size":5368709120,"lastModified":"2024-02-29T09:05:07Z","#
                + #""etag":"d41d8cd9-2","storageClass":"GLACIER"}"# + "\n"
        )
        #expect(try text(.json, "<Key>a</Key><Size>0</Size>") == #"{"key":"a","size":0}"# + "\n")
    }

    @Test("fields are always five")
    func fields() throws {
        #expect(
            try text(.tsv, Self.plain) == "photos/a b.jpg\t5368709120\t2024-02-29T09:05:07Z\td41d8cd9-2\tGLACIER\n"
        )
        #expect(try text(.tsv, "<Key>a</Key><Size>0</Size>") == "a\t0\t\t\t\n")
    }

    @Test("JSON strings are read back as the keys, whatever is in them", arguments: 0..<0x180)
    func jsonStrings(scalar: UInt32) throws {
        struct Line: Decodable {
            var key: String
            var keyHex: String?
            var etag: String
        }
        let character = String(try #require(Unicode.Scalar(scalar)))
        let key = "a\(character)b\(character)"
        let encoded = key.utf8.map { "%" + String(UInt16($0) + 0x100, radix: 16).suffix(2) }.joined()
        let text = try text(.json, "<Key>\(encoded)</Key><Size>1</Size><ETag>&quot;x\\&lt;y&quot;</ETag>")
        let line = try JSONDecoder().decode(Line.self, from: Data(text.utf8))
        #expect(Array(line.key.utf8) == Array(key.utf8))
        #expect(line.keyHex == nil)
        #expect(line.etag == "x\\<y")
        #expect(text.utf8.count { $0 == 0x0A } == 1)
    }

    @Test("a key that is not UTF-8 keeps its bytes beside what JSON can say of it")
    func notUTF8() throws {
        #expect(
            try text(.json, "<Key>a%FF%C3</Key><Size>1</Size>")
                == "{\"key\":\"a\u{FFFD}\u{FFFD}\",\"keyHex\":\"61ffc3\",\"size\":1}\n"
        )
        #expect(
            Array(lines(.tsv, try objects("<Key>a%FF</Key><Size>1</Size>"))) == [0x61, 0xFF] + Array("\t1\t\t\t\n".utf8)
        )
    }

    @Test("a field's bytes are read back, whatever they are")
    func fieldBytes() throws {
        let encoded = (UInt16(1)...255).map { "%" + String($0 + 0x100, radix: 16).suffix(2) }.joined()
        let line = lines(.tsv, try objects("<Key>\(encoded)</Key><Size>1</Size>"))
        #expect(line.count { $0 == 0x0A } == 1 && line.count { $0 == 0x09 } == 4)
        var bytes: [UInt8] = []
        var escaped = false
        for byte in try #require(line.split(separator: 0x09).first) {
            switch (escaped, byte) {
            case (false, UInt8(ascii: "\\")):
                escaped = true
                continue
            case (false, _), (true, UInt8(ascii: "\\")): bytes.append(byte)
            case (true, UInt8(ascii: "t")): bytes.append(0x09)
            case (true, UInt8(ascii: "n")): bytes.append(0x0A)
            case (true, UInt8(ascii: "r")): bytes.append(0x0D)
            default: Issue.record("no escape: \(byte)")
            }
            escaped = false
        }
        #expect(bytes == Array(1...255))
    }

    @Test("days are told apart, before the epoch too")
    func days() throws {
        let times = [
            "1969-12-31T23:59:59Z", "1970-01-01T00:00:00Z", "1970-01-01T23:59:59Z", "1970-01-02T00:00:00Z",
            "0000-03-01T00:00:01Z", "9999-12-31T12:34:56Z", "2000-02-29T01:02:03Z", "2000-03-01T01:02:03Z",
            "1969-12-31T00:00:00Z",
        ]
        let page = try objects(
            times.map { "<Key>a</Key><Size>1</Size><LastModified>\($0)</LastModified>" }.joined(
                separator: "</Contents><Contents>"
            )
        )
        let output = String(decoding: lines(.tsv, page), as: UTF8.self)
        #expect(output.split(separator: "\n").map { $0.split(separator: "\t")[2] } == times.map { $0[...] })
    }

    @Test("forgotten lines do not come again")
    func removeAll() throws {
        var lines = ObjectLines(.tsv)
        for object in try objects("<Key>a</Key><Size>1</Size>") { lines.append(object) }
        lines.removeAll()
        for object in try objects("<Key>b</Key><Size>2</Size>") { lines.append(object) }
        #expect(lines.bytes == Array("b\t2\t\t\t\n".utf8))
    }
}
