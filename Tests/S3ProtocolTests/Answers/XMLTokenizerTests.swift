import TestSupport
import Testing

@testable import S3Protocol

@Suite("XML as it arrives")
struct XMLTokenizerTests {
    private func read(_ text: String) -> Result<String, MalformedXML> {
        EventRecorder.transcript(of: [Array(text.utf8)])
    }

    private static let documents: [(String, String)] = [
        ("<a/>", "<a >"),
        ("<a></a>", "<a >"),
        ("<a >x</a >", "<a x>"),
        ("<a\n\t>x</a\r\n>", "<a x>"),
        ("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<a><b>x</b>y<b/></a>\n", "<a <b x>y<b >>"),
        ("\u{FEFF}<a>x</a>", "<a x>"),
        ("<s3:a xmlns:s3=\"urn:x\"><s3:b>x</s3:b></s3:a>", "<a <b x>>"),
        ("<a b='>' c=\"/>'\">x</a>", "<a x>"),
        ("<a b=\"1\"/>", "<a >"),
        ("<a>&lt;&gt;&amp;&quot;&apos;</a>", "<a <>&\"'>"),
        ("<a>&#65;&#x42;&#x1F600;&#9;&#1;</a>", "<a AB\u{1F600}\t\u{1}>"),
        ("<a>x<!-- <b> -- & -->y<!----></a>", "<a xy>"),
        ("<a><![CDATA[<b>&amp;]]]]><![CDATA[>]]]></a>", "<a <b>&amp;]]>]>"),
        ("<a><![CDATA[]]></a>", "<a >"),
        ("<a><?php ?> ?>x</a>", "<a  ?>x>"),
        ("<!-- before --><a>x</a><!-- after --><?x?>  ", "<a x>"),
        ("<a>e\u{301}\u{4E2D}</a>", "<a e\u{301}\u{4E2D}>"),
        ("<a> x </a>", "<a  x >"),
    ]

    @Test("documents are read", arguments: documents)
    func reads(document: String, expected: String) {
        #expect(read(document) == .success(expected))
    }

    @Test("two pieces cut anywhere, and single bytes, make no difference", arguments: documents)
    func pieces(document: String, expected: String) {
        let bytes = Array(document.utf8)
        for cut in 0...bytes.count {
            let result = EventRecorder.transcript(of: [Array(bytes[..<cut]), Array(bytes[cut...])])
            #expect(result == .success(expected), "cut at \(cut)")
        }
        #expect(EventRecorder.transcript(of: bytes.map { [$0] }) == .success(expected))
    }

    @Test("a document that is cut off is not complete", arguments: documents)
    func truncated(document: String, expected: String) throws {
        // What may follow the root takes nothing from its being complete.
        let whole = document.replacing("<!-- after --><?x?>", with: "")
        let bytes = Array(whole.utf8)
        let end = try #require(bytes.lastIndex(of: UInt8(ascii: ">")))
        for length in 0...end {
            #expect(throws: MalformedXML.self, "cut to \(length)") {
                try EventRecorder.transcript(of: [Array(bytes[..<length])]).get()
            }
        }
    }

    @Test(
        "what is no document says why",
        arguments: [
            ("hello", "does not begin with an element"), ("{\"a\": 1}", "does not begin with an element"),
            ("<a>x</b>", "does not match"), ("<a><b></a></b>", "does not match"), ("<a></ab>", "does not match"),
            ("<ab></a>", "does not match"), ("</a>", "does not match"), ("<a></>", "does not match"),
            ("<a/><b/>", "follows the document"), ("<a/>x", "follows the document"),
            ("<a/>&amp;", "follows the document"),
            ("< a/>", "no name"), ("<>", "no name"), ("<<a/>", "no name"), ("<a<b/>", "not closed"),
            ("<a b<c/>", "not closed"), ("<a/ >", "not closed"), ("<a></a b>", "not closed"),
            ("<a></a/>", "not closed"),
            ("<a></a<", "not closed"), ("<a>&nbsp;</a>", "unknown reference '&nbsp;'"),
            ("<a>&;</a>", "unknown reference"),
            ("<a>&#;</a>", "unknown reference"), ("<a>&#x;</a>", "unknown reference"),
            ("<a>&#+65;</a>", "unknown reference"),
            ("<a>&#x+41;</a>", "unknown reference"), ("<a>&#-65;</a>", "unknown reference"),
            ("<a>&#xD800;</a>", "unknown reference"), ("<a>&#x110000;</a>", "unknown reference"),
            ("<a>&#X41;</a>", "unknown reference"), ("<a>&#9999999999;</a>", "not closed"),
            ("<a>AT&T is a company</a>", "not closed"), ("<a><b>x &lt y</b>;</a>", "not closed"),
            ("<!DOCTYPE html><html/>", "document type"),
            ("<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>", "document type"),
            ("<a><!ELEMENT a></a>", "document type"), ("<a><![IGNORE[x]]></a>", "document type"),
        ]
    )
    func refuses(document: String, reason: String) {
        for pieces in [[Array(document.utf8)], Array(document.utf8).map { [$0] }] {
            guard case .failure(let error) = EventRecorder.transcript(of: pieces) else {
                Issue.record("\(document) was taken")
                continue
            }
            #expect(error.reason.contains(reason), "\(error)")
        }
    }

    @Test("nesting and names have bounds")
    func bounds() {
        func nested(_ depth: Int) -> String {
            String(repeating: "<a>", count: depth) + String(repeating: "</a>", count: depth)
        }
        #expect(throws: Never.self) { try read(nested(32)).get() }
        #expect(read(nested(33)) == .failure(MalformedXML(reason: "it is nested too deep")))
        let name = String(repeating: "n", count: 256)
        #expect(throws: Never.self) { try read("<\(name)/>").get() }
        #expect(read("<\(name)n/>") == .failure(MalformedXML(reason: "a name is too long")))
        #expect(read("<a></\(name)n") == .failure(MalformedXML(reason: "a name is too long")))
    }

    @Test(
        "an empty answer, white space and a prologue alone hold no root",
        arguments: ["", " \n", "<?xml version=\"1.0\"?>\n", "<!-- a -->"]
    )
    func noRoot(document: String) throws {
        var tokenizer = XMLTokenizer()
        var recorder = EventRecorder()
        try tokenizer.read(Array(document.utf8).span, into: &recorder)
        #expect(!tokenizer.hasRoot)
        #expect(!tokenizer.isComplete)
    }

    @Test("mutated documents are read or refused alike, however they are cut", arguments: UInt64(1)...4)
    func fuzz(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var complete = 0
        for round in 0..<2_000 {
            var bytes = Array(random.pick(Self.documents).0.utf8)
            for _ in 0..<random.number(0...3) where !bytes.isEmpty {
                let place = random.number(0...(bytes.count - 1))
                switch random.number(0...2) {
                case 0: bytes[place] = random.pick(Array("<>/&;![]-?'\"= a\u{0}\u{FF}".utf8))
                case 1: bytes.remove(at: place)
                default: bytes.insert(random.pick(Array("<>/&;![]-? ".utf8)), at: place)
                }
            }
            let whole = EventRecorder.transcript(of: [bytes])
            let cut = EventRecorder.transcript(of: random.pieces(of: bytes, upTo: 4))
            #expect(whole == cut, "seed \(seed), round \(round): \(String(decoding: bytes, as: UTF8.self))")
            if case .success = whole { complete += 1 }
        }
        #expect(complete > 200 && complete < 1_800, "both outcomes have to come up")
    }
}
