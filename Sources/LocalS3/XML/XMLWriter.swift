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

    /// An element whose text nothing in XML has to be escaped in, as a closure appends it.
    mutating func element(_ name: String, plain append: (inout [UInt8]) -> Void) {
        open(name)
        append(&bytes)
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
        var start = 0
        for index in text.indices {
            let byte = text[index]
            let reference: String
            switch byte {
            case UInt8(ascii: "&"): reference = "&amp;"
            case UInt8(ascii: "<"): reference = "&lt;"
            case UInt8(ascii: ">"): reference = "&gt;"
            case UInt8(ascii: "\""): reference = "&quot;"
            case 0..<0x20 where byte != 0x0A, 0x7F: reference = "&#x\(String(byte, radix: 16));"
            default: continue
            }
            bytes.append(contentsOf: text[start..<index])
            append(reference)
            start = index + 1
        }
        bytes.append(contentsOf: text[start...])
    }
}
