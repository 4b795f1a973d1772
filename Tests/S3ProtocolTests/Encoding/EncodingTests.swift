import Foundation
import TestSupport
import Testing

@testable import S3Protocol

@Suite("Encodings")
struct EncodingTests {
    private func encoded(_ bytes: [UInt8], keepingSlashes: Bool = false) -> String {
        var output: [UInt8] = []
        output.appendPercentEncoded(bytes, keepingSlashes: keepingSlashes)
        return String(decoding: output, as: UTF8.self)
    }

    private func decoded(_ text: [UInt8]) -> [UInt8]? {
        var buffer = Array("<".utf8) + text + Array(">".utf8)
        guard let length = buffer.decodeURLEncoding(in: 1..<(1 + text.count)) else { return nil }
        #expect(buffer.first == UInt8(ascii: "<") && buffer.last == UInt8(ascii: ">"), "nothing beside it is touched")
        return Array(buffer[1..<(1 + length)])
    }

    @Test("every byte but the unreserved ones is encoded, and decodes to itself")
    func everyByte() {
        let unreserved = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~".utf8)
        for byte in UInt8.min...UInt8.max {
            let text = encoded([byte])
            let isKept = unreserved.contains(byte)
            #expect(text == (isKept ? String(Unicode.Scalar(byte)) : String(format: "%%%02X", byte)))
            #expect(decoded(Array(text.utf8)) == [byte])
            if !isKept { #expect(decoded(Array(text.lowercased().utf8)) == [byte]) }
        }
        #expect(encoded(Array("a/b".utf8), keepingSlashes: true) == "a/b")
        #expect(encoded(Array("a/b".utf8)) == "a%2Fb")
    }

    @Test("listings may write a space as '+' and digits in either case, and leave what they like unencoded")
    func decodes() {
        #expect(decoded(Array("a+b%2b%2B".utf8)) == Array("a b++".utf8))
        #expect(decoded(Array("a/b*\u{E9}%c3%A9".utf8)) == Array("a/b*\u{E9}\u{E9}".utf8))
        #expect(decoded([]) == [])
    }

    @Test(
        "a '%' without two digits is no encoding",
        arguments: ["%", "%2", "a%", "%zz", "%2g", "%g2", "%%41", "% 41", "%+1"]
    )
    func badEncoding(text: String) {
        #expect(decoded(Array(text.utf8)) == nil)
    }

    @Test("random bytes survive", arguments: [UInt64(1), 2])
    func roundTrip(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<500 {
            let bytes = (0..<random.number(0...40)).map { _ in UInt8(random.number(0...255)) }
            #expect(decoded(Array(encoded(bytes).utf8)) == bytes)
            #expect(decoded(Array(encoded(bytes, keepingSlashes: true).utf8)) == bytes)
        }
    }

    @Test("base64 is that of Foundation for every length and byte")
    func base64() {
        var random = SeededGenerator(seed: 1)
        for length in 0...64 {
            let bytes = (0..<length).map { _ in UInt8(random.number(0...255)) }
            var output: [UInt8] = []
            output.appendBase64(bytes)
            #expect(String(decoding: output, as: UTF8.self) == Data(bytes).base64EncodedString())
        }
        var all: [UInt8] = []
        all.appendBase64(UInt8.min...UInt8.max)
        #expect(String(decoding: all, as: UTF8.self) == Data(UInt8.min...UInt8.max).base64EncodedString())
    }

    @Test("decimal numbers are digits and nothing else")
    func decimal() {
        for (text, value) in [("0", 0), ("007", 7), ("9223372036854775807", Int.max)] {
            #expect(parseDecimal(text.utf8.span) == value)
        }
        for text in [
            "", "-1", "+1", " 1", "1 ", "0x1", "1.0", "9223372036854775808", "99999999999999999999", "\u{661}",
        ] {
            #expect(parseDecimal(text.utf8.span) == nil, "\(text)")
        }
        for value in [0, 9, 10, 99, 100, 12_345, Int.max] {
            var output: [UInt8] = []
            output.appendDecimal(value)
            #expect(String(decoding: output, as: UTF8.self) == String(value))
        }
    }

    @Test("hexadecimal digits are small, two to a byte")
    func hexadecimal() {
        var output: [UInt8] = []
        output.appendHexadecimal([0x00, 0x0F, 0xA9, 0xFF])
        #expect(String(decoding: output, as: UTF8.self) == "000fa9ff")
    }

    @Test("ETags lose the quotes around them, and no others")
    func etags() {
        func etag(_ text: String) -> String { String(decoding: unquoted(Array(text.utf8)[...]), as: UTF8.self) }
        #expect(etag("\"abc-2\"") == "abc-2")
        #expect(etag("abc") == "abc")
        #expect(etag("\"\"") == "")
        #expect(etag("\"") == "\"")
        #expect(etag("\"abc") == "\"abc")
        #expect(etag("") == "")
    }

    @Test("what XML would read is written as references, and reads back")
    func xmlWriter() throws {
        let text = (UInt8(1)...0x7F).map { $0 } + Array("\u{E9}\u{1F600}".utf8)
        var writer = XMLWriter()
        writer.element("a", namespace: "urn:x") { $0.element("b", text: text) }
        let written = String(decoding: writer.bytes, as: UTF8.self)
        #expect(written.hasPrefix("<a xmlns=\"urn:x\"><b>&#1;&#2;"))
        #expect(written.hasSuffix("</b></a>"))
        #expect(
            written.contains("&quot;") && written.contains("&amp;") && written.contains("&lt;")
                && written.contains("&gt;")
        )
        #expect(written.utf8.allSatisfy { $0 >= 0x20 }, "a line break would be folded by the reader")
        #expect(try S3Document(writer.bytes).first("b").map(Array.init) == text)
    }

    @Test(
        "characters that XML 1.0 has no form for are told",
        arguments: [
            ("a", true), ("a\t\r\nb", true), ("\u{7F}\u{FFFD}", true), ("\u{1F600}", true), ("a\u{1}", false),
            ("\u{1F}", false), ("\u{0}", false), ("a\u{FFFE}", false), ("\u{FFFF}b", false),
        ]
    )
    func xmlCharacters(key: String, canCarry: Bool) {
        #expect(XMLWriter.canCarry(ObjectKey(key)) == canCarry)
    }
}
