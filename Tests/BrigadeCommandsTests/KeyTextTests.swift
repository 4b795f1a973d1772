import S3Protocol
import Testing

@testable import BrigadeCommands

@Suite("keys as lines of text show them")
struct KeyTextTests {
    @Test("what is printable stays, control characters and backslashes are written out")
    func display() {
        // No arguments of the test: the report would show them as they are, control characters and all.
        let keys = [
            ("photos/2024/a+b %2F.jpg", "photos/2024/a+b %2F.jpg"), ("", ""), ("a\nb\r\tc", #"a\x0Ab\x0D\x09c"#),
            ("\u{0}\u{1B}[2J\u{7F}", #"\x00\x1B[2J\x7F"#), ("\u{80}\u{9B}\u{9F}\u{A0}", "\\x80\\x9B\\x9F\u{A0}"),
            (#"C:\temp"#, #"C:\\temp"#), ("\u{6F22}/\u{1F600}", "\u{6F22}/\u{1F600}"),
        ]
        for (key, text) in keys { #expect(KeyText.display(ObjectKey(key)) == text) }
    }

    @Test("composed and decomposed letters stay what they are")
    func normalisation() {
        let shown = ["caf\u{E9}", "cafe\u{301}"].map { Array(KeyText.display(ObjectKey($0)).utf8) }
        #expect(shown == [Array("caf\u{E9}".utf8), Array("cafe\u{301}".utf8)])
    }

    @Test("a key that spells an escape is not taken for the character")
    func spelled() {
        #expect(KeyText.display(ObjectKey(#"a\x0Ab"#)) == #"a\\x0Ab"#)
        #expect(KeyText.display(ObjectKey("a\nb")) == #"a\x0Ab"#)
    }

    @Test("bytes that are not UTF-8 become the replacement character")
    func notUTF8() {
        #expect(KeyText.display(ObjectKey([0x61, 0xFF, 0x62])) == "a\u{FFFD}b")
    }
}
