import TestSupport

@testable import S3Protocol

/// What a page should tell, and the many ways to write it.
struct RandomPage {
    struct Object {
        var key: [UInt8]
        var size: Int
        var etag: [UInt8]
        var time: Int?
        var storageClass: String?
    }

    private(set) var objects: [Object] = []
    private(set) var prefixes: [[UInt8]] = []
    let token: [UInt8]?

    private let isURLEncoded: Bool
    private let isIndented: Bool
    private let namespace: String

    private static let keyPieces = [
        "/", " ", "+", "%", "&", "<", ">", "\"", "'", "]]>", "]]", "&amp;", "\u{E9}", "\u{4E2D}", "\u{1F600}", "a",
        "key-0",
        "<Key>", "</Key>",
    ]

    init(_ random: inout SeededGenerator) {
        isURLEncoded = random.chance(oneIn: 2)
        isIndented = random.chance(oneIn: 3)
        namespace = random.pick(["", "", "s3:"])
        token = random.chance(oneIn: 2) ? Array(random.text(1...8, of: Self.keyPieces).utf8) : nil
        for _ in 0..<random.number(0...12) {
            objects.append(
                Object(
                    key: Array(random.text(1...8, of: Self.keyPieces).utf8),
                    size: random.pick([0, 1, 12_345_678, Int.max]),
                    etag: Array(random.pick(["", "d41d8cd98f00b204e9800998ecf8427e", "abc-17", "a&b"]).utf8),
                    time: random.chance(oneIn: 4) ? nil : random.number(0...4_000_000_000),
                    storageClass: random.pick([nil, "STANDARD", "GLACIER", "A&B"])
                )
            )
        }
        for _ in 0..<random.number(0...3) { prefixes.append(Array(random.text(1...5, of: Self.keyPieces).utf8)) }
    }

    /// The page as a document.
    mutating func document(_ random: inout SeededGenerator) -> [UInt8] {
        var parts = objects.map { contents($0, &random) }
        parts += prefixes.map { element("CommonPrefixes", element("Prefix", key($0, &random), &random), &random) }
        // Objects and prefixes keep their order; what the page says of itself stands anywhere between them.
        var about = [element("IsTruncated", Array((token == nil ? "false" : "true").utf8), &random)]
        if let token { about.append(element("NextContinuationToken", text(token, &random), &random)) }
        if isURLEncoded { about.append(element("EncodingType", Array("url".utf8), &random)) }
        if random.chance(oneIn: 2) { about.append(element("KeyCount", Array(String(parts.count).utf8), &random)) }
        about.append(element("Prefix", Array("no".utf8), &random))
        for part in about { parts.insert(part, at: random.number(0...parts.count)) }
        let head = random.pick(["", "<?xml version=\"1.0\"?>\n", "\u{FEFF}<?xml version='1.0'?><!-- a > b -->"])
        return Array(head.utf8) + element("ListBucketResult", parts.flatMap { $0 }, &random)
    }

    private func contents(_ object: Object, _ random: inout SeededGenerator) -> [UInt8] {
        var fields = [
            element("Key", key(object.key, &random), &random),
            element("Size", Array(String(object.size).utf8), &random),
        ]
        let quoted = random.chance(oneIn: 3) ? object.etag : Array("\"".utf8) + object.etag + Array("\"".utf8)
        if !object.etag.isEmpty || random.chance(oneIn: 2) {
            fields.append(element("ETag", text(quoted, &random), &random))
        }
        if let time = object.time {
            fields.append(element("LastModified", Array(rfc3339(time, &random).utf8), &random))
        }
        if let name = object.storageClass {
            fields.append(element("StorageClass", text(Array(name.utf8), &random), &random))
        }
        if random.chance(oneIn: 2) {
            let id = element("ID", text(Array("75aa<&>".utf8), &random), &random)
            fields.append(element("Owner", id + element("Key", Array("no".utf8), &random), &random))
        }
        if random.chance(oneIn: 3) { fields.append(element("ChecksumType", Array("FULL_OBJECT".utf8), &random)) }
        if random.chance(oneIn: 6) { fields.append(Array("<Unknown/>".utf8)) }
        return element("Contents", fields.shuffled(using: &random).flatMap { $0 }, &random)
    }

    private func rfc3339(_ seconds: Int, _ random: inout SeededGenerator) -> String {
        let parts = UTCTime(secondsSinceEpoch: seconds).calendar
        func padded(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
        return
            "\(parts.year)-\(padded(parts.month))-\(padded(parts.day))T\(padded(parts.hour)):\(padded(parts.minute)):"
            + "\(padded(parts.second))\(random.pick(["", ".000", ".954321"]))Z"
    }

    /// A key as the page writes it, with more or fewer of its bytes encoded.
    private func key(_ key: [UInt8], _ random: inout SeededGenerator) -> [UInt8] {
        guard isURLEncoded else { return text(key, &random) }
        var encoded: [UInt8] = []
        for byte in key {
            if byte == 0x20, random.chance(oneIn: 2) {
                encoded.append(UInt8(ascii: "+"))
            } else {
                encoded.appendPercentEncoded([byte], keepingSlashes: random.chance(oneIn: 2))
            }
        }
        return text(encoded, &random)
    }

    /// Text with what XML reserves as references of some form, or all of it as character data.
    private func text(_ text: [UInt8], _ random: inout SeededGenerator) -> [UInt8] {
        if random.chance(oneIn: 6), !String(decoding: text, as: UTF8.self).contains("]]>") {
            return Array("<![CDATA[".utf8) + text + Array("]]>".utf8)
        }
        var result: [UInt8] = []
        for byte in text {
            let references: [String] =
                switch byte {
                case UInt8(ascii: "&"): ["&amp;", "&#38;", "&#x26;"]
                case UInt8(ascii: "<"): ["&lt;", "&#60;", "&#x3c;", "&#x000003C;"]
                case UInt8(ascii: ">"): ["&gt;", "&#62;", ">"]
                case UInt8(ascii: "\""): ["&quot;", "&#34;", "\""]
                case UInt8(ascii: "'"): ["&apos;", "&#39;", "'"]
                default: []
                }
            if references.isEmpty { result.append(byte) } else { result += Array(random.pick(references).utf8) }
            if random.chance(oneIn: 40) { result += Array("<!-- > -->".utf8) }
        }
        return result
    }

    private func element(_ name: String, _ content: [UInt8], _ random: inout SeededGenerator) -> [UInt8] {
        let isRoot = name == "ListBucketResult"
        let attributes =
            isRoot ? " xmlns=\"urn:a\" xmlns:s3='urn:>'" : random.pick(["", "", "", "", " ", " a='</Key>'"])
        let space = isIndented ? "\n  " : ""
        return Array("\(space)<\(namespace)\(name)\(attributes)>".utf8) + content
            + Array("</\(namespace)\(name)\(random.pick(["", "", "", "", " ", "\n"]))>\(space)".utf8)
    }
}
