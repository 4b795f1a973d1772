/// A key that careless clients and servers lose or change, under a name that a test's report can print.
public struct AwkwardKey: Sendable, Hashable, CustomStringConvertible {
    /// What is awkward about it; each key has another.
    public let name: String
    /// 1 to 1,024 bytes of UTF-8, all of which S3 itself takes.
    public let bytes: [UInt8]

    /// The name.
    public var description: String { name }

    private init(_ name: String, _ text: String) {
        self.name = name
        bytes = Array(text.utf8)
    }

    /// Whether it is one of those that consoles make as folders, without content.
    public var isFolder: Bool { bytes.last == UInt8(ascii: "/") }

    /// Every key, in no order.
    public static let all: [AwkwardKey] = inURLs + inXML + inFileSystems + inUnicode

    private static let inURLs = [
        AwkwardKey("space", "awkward/with space"),
        AwkwardKey("spaces at both ends", "awkward/ spaces at both ends "),
        AwkwardKey("plus", "awkward/a+b"),
        AwkwardKey("space where the plus is", "awkward/a b"),
        AwkwardKey("encoded slash", "awkward/a%2Fb"),
        AwkwardKey("encoded letter", "awkward/%41"),
        AwkwardKey("encoded percent", "awkward/%2541"),
        AwkwardKey("lone percent", "awkward/100%"),
        AwkwardKey("question mark", "awkward/what?versionId=null"),
        AwkwardKey("hash", "awkward/#fragment"),
        AwkwardKey("equals sign", "awkward/year=2026"),
        AwkwardKey("semicolon, colon, asterisk", "awkward/a;b:c*"),
        AwkwardKey("backslash", "awkward\\back\\slash"),
        AwkwardKey("tilde", "awkward/~tilde"),
        AwkwardKey("at sign, dollar, comma", "awkward/a@b$c,d"),
        AwkwardKey("brackets", "awkward/[a]{b}(c)|d^e`f!"),
    ]

    private static let inXML = [
        AwkwardKey("markup", "awkward/&<>\"'"),
        AwkwardKey("encoded markup", "awkward/&amp;&#65;"),
        AwkwardKey("end of CDATA", "awkward/]]>"),
        AwkwardKey("tab", "awkward/a\tb"),
        AwkwardKey("newline", "awkward/a\nb"),
        AwkwardKey("carriage return", "awkward/a\rb"),
        AwkwardKey("control character", "awkward/\u{1}control"),
        AwkwardKey("delete character", "awkward/\u{7F}delete"),
    ]

    private static let inFileSystems = [
        AwkwardKey("double slash", "awkward//double//slash"),
        AwkwardKey("leading slash", "/awkward/leading slash"),
        AwkwardKey("only a slash", "/"),
        AwkwardKey("dot part", "awkward/./dot"),
        AwkwardKey("dot-dot part", "awkward/../dot-dot"),
        AwkwardKey("dot at the end", "awkward/dot/."),
        AwkwardKey("folder", "awkward/folder/"),
        AwkwardKey("file in the folder", "awkward/folder/file"),
        AwkwardKey("hidden file", "awkward/.hidden"),
        AwkwardKey("part of 255 bytes", "awkward/" + String(repeating: "p", count: 255)),
        AwkwardKey("part of 256 bytes", "awkward/" + String(repeating: "p", count: 256)),
        AwkwardKey("1,024 bytes", "awkward/longest!" + String(repeating: "/1234567", count: 126)),
        AwkwardKey("1,024 bytes in one part", "awkward/" + String(repeating: "p", count: 1016)),
    ]

    private static let inUnicode = [
        AwkwardKey("composed", "awkward/caf\u{E9}"),
        AwkwardKey("decomposed", "awkward/cafe\u{301}"),
        AwkwardKey("two bytes", "awkward/\u{416}"),
        AwkwardKey("three bytes", "awkward/\u{6F22}"),
        AwkwardKey("emoji", "awkward/\u{1F600}"),
        AwkwardKey("joined emoji", "awkward/\u{1F468}\u{200D}\u{1F469}\u{200D}\u{1F467}"),
        AwkwardKey("right to left", "awkward/\u{202E}\u{5D0}"),
        AwkwardKey("byte order mark", "awkward/\u{FEFF}mark"),
        AwkwardKey("replacement character", "awkward/\u{FFFD}"),
        AwkwardKey("noncharacter", "awkward/\u{FFFE}"),
        AwkwardKey("last of the basic plane", "awkward/\u{FFFF}"),
        AwkwardKey("last code point", "awkward/\u{10FFFF}"),
        // Ordered one way by UTF-8 and the other way by UTF-16
        AwkwardKey("full-width tilde", "awkward/order/\u{FF5E}"),
        AwkwardKey("first beyond the basic plane", "awkward/order/\u{10000}"),
    ]
}
