/// Writes S3's documents.
struct XMLWriter {
    static let namespace = "http://s3.amazonaws.com/doc/2006-03-01/"

    private(set) var bytes: [UInt8]

    /// Begins a document; every answer but an error names the namespace.
    init(root: String, hasNamespace: Bool = true, capacity: Int = 512) {
        bytes = []
        bytes.reserveCapacity(capacity)
        append("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<")
        append(root)
        append(hasNamespace ? " xmlns=\"\(Self.namespace)\">" : ">")
    }

    mutating func open(_ name: String) {
        bytes.append(UInt8(ascii: "<"))
        append(name)
        bytes.append(UInt8(ascii: ">"))
    }

    mutating func close(_ name: String) {
        append("</")
        append(name)
        bytes.append(UInt8(ascii: ">"))
    }

    mutating func element(_ name: String, _ text: String) {
        element(name, Array(text.utf8))
    }

    mutating func element(_ name: String, _ number: Int) {
        element(name, String(number))
    }

    mutating func element(_ name: String, _ flag: Bool) {
        element(name, flag ? "true" : "false")
    }

    mutating func element(_ name: String, _ text: [UInt8]) {
        open(name)
        appendEscaped(text)
        close(name)
    }

    /// An entity tag, which S3 puts in quotation marks.
    mutating func entityTag(_ tag: String) {
        append("<ETag>&quot;")
        append(tag)
        append("&quot;</ETag>")
    }

    private mutating func append(_ text: String) {
        bytes.append(contentsOf: text.utf8)
    }

    /// Escapes what XML reserves.
    ///
    /// Control characters become references, as S3 writes them, although XML 1.0 knows most of them in no form:
    /// `encoding-type=url` is there for keys that hold them.
    private mutating func appendEscaped(_ text: [UInt8]) {
        for byte in text {
            switch byte {
            case UInt8(ascii: "&"): append("&amp;")
            case UInt8(ascii: "<"): append("&lt;")
            case UInt8(ascii: ">"): append("&gt;")
            case UInt8(ascii: "\""): append("&quot;")
            case 0x0A: bytes.append(byte)
            case 0..<0x20, 0x7F: append("&#x\(String(byte, radix: 16));")
            default: bytes.append(byte)
            }
        }
    }
}
