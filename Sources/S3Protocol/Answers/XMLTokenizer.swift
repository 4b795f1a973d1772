/// Reads XML in pieces of any size, with memory bounded by the nesting and the longest name, not by the document.
///
/// It is the subset that S3 servers write: elements, text, character references and the five named entities, CDATA,
/// comments, processing instructions; attributes are passed over. A document type declaration is refused, since nothing
/// in S3 needs one and entities of a peer's own making are an old attack.
struct XMLTokenizer: Sendable {
    private enum State {
        case text
        case reference
        case tagOpen
        case startName
        case attributes
        case attributeValue(quote: UInt8)
        case emptyElement
        case endName
        case endNameDone
        case instruction(previous: UInt8)
        case declaration
        case comment(dashes: Int)
        case cdata(brackets: Int)
    }

    private static let deepestNesting = 32
    fileprivate static let longestName = 256
    private static let longestReference = 10
    /// The five entities that XML itself defines (XML 1.0, section 4.6).
    private static let entities: [(name: [UInt8], text: [UInt8])] = [
        ("amp", "&"), ("lt", "<"), ("gt", ">"), ("quot", "\""), ("apos", "'"),
    ].map { (Array($0.0.utf8), Array($0.1.utf8)) }

    private var state = State.text
    /// The name, reference or declaration being read.
    private var token: [UInt8] = []
    /// The names of the open elements, one after the other, and where each begins.
    private var openNames: [UInt8] = []
    private var nameStarts: [Int] = []
    private var sawRoot = false

    /// Whether the root element has ended: only such a document may be believed.
    var isComplete: Bool {
        guard sawRoot, nameStarts.isEmpty, case .text = state else { return false }
        return true
    }

    /// Whether the root element has begun.
    var hasRoot: Bool { sawRoot }

    /// Reads the next bytes of the document.
    mutating func read(_ bytes: Span<UInt8>, into events: inout some XMLEvents) throws(MalformedXML) {
        var index = 0
        let count = bytes.count
        while index < count {
            switch state {
            case .text:
                let start = index
                while index < count, bytes[index] != UInt8(ascii: "<"), bytes[index] != UInt8(ascii: "&") { index += 1 }
                if index > start { try emitText(bytes.extracting(start..<index), into: &events) }
                if index < count {
                    state = bytes[index] == UInt8(ascii: "<") ? .tagOpen : .reference
                    token.removeAll(keepingCapacity: true)
                    index += 1
                }
            case .tagOpen:
                if let end = try readPlainTag(bytes, at: index, into: &events) {
                    index = end
                } else {
                    try step(bytes[index], into: &events)
                    index += 1
                }
            case .startName, .endName:
                let start = index
                while index < count, bytes[index] != UInt8(ascii: ">"), bytes[index] != UInt8(ascii: "/"),
                    bytes[index] != UInt8(ascii: "<"), !bytes[index].isWhiteSpace
                {
                    index += 1
                }
                token.append(bytes.extracting(start..<index))
                guard token.count <= Self.longestName else { throw MalformedXML(reason: "a name is too long") }
                if index < count {
                    try finishName(at: bytes[index], into: &events)
                    index += 1
                }
            case .attributeValue(let quote):
                while index < count, bytes[index] != quote { index += 1 }
                if index < count {
                    state = .attributes
                    index += 1
                }
            case .instruction(let previous):
                let start = index
                while index < count, bytes[index] != UInt8(ascii: ">") { index += 1 }
                let last = index > start ? bytes[index - 1] : previous
                if index < count {
                    state = last == UInt8(ascii: "?") ? .text : .instruction(previous: UInt8(ascii: ">"))
                    index += 1
                } else {
                    state = .instruction(previous: last)
                }
            default:
                try step(bytes[index], into: &events)
                index += 1
            }
        }
    }

    /// Reads a tag without attributes that stands in this piece as a whole, and with it the whole element if that is
    /// nothing but plain text: what nearly all of a listing consists of.
    ///
    /// - Returns: Where to read on; `nil` if the tag is not so plain, and has to be read byte by byte.
    private mutating func readPlainTag(
        _ bytes: Span<UInt8>,
        at start: Int,
        into events: inout some XMLEvents
    ) throws(MalformedXML) -> Int? {
        let isEndTag = bytes[start] == UInt8(ascii: "/")
        let nameStart = isEndTag ? start + 1 : start
        guard let nameEnd = bytes.endOfName(at: nameStart), nameEnd < bytes.count, bytes[nameEnd] == UInt8(ascii: ">")
        else { return nil }
        let name = bytes.extracting(nameStart..<nameEnd)
        state = .text
        if isEndTag {
            try matchOpenName(name)
            try closeElement(into: &events)
            return nameEnd + 1
        }
        if !nameStarts.isEmpty, nameStarts.count < Self.deepestNesting {
            let textStart = nameEnd + 1
            var textEnd = textStart
            var hasReferences = false
            while textEnd < bytes.count, bytes[textEnd] != UInt8(ascii: "<") {
                if bytes[textEnd] == UInt8(ascii: "&") { hasReferences = true }
                textEnd += 1
            }
            if bytes.hasEndTag(of: nameStart..<nameEnd, at: textEnd) {
                let localName = bytes.extracting((nameStart + name.localNameStart)..<nameEnd)
                let text = bytes.extracting(textStart..<textEnd)
                if hasReferences {
                    let decoded = try Self.decoded(text)
                    try events.leaf(localName, decoded.span)
                } else {
                    try events.leaf(localName, text)
                }
                return textEnd + name.count + 3
            }
        }
        try openElement(name, into: &events)
        return nameEnd + 1
    }

    private mutating func step(_ byte: UInt8, into events: inout some XMLEvents) throws(MalformedXML) {
        switch state {
        case .text, .startName, .endName, .attributeValue, .instruction:
            preconditionFailure("read by the loop itself")
        case .reference:
            if byte == UInt8(ascii: ";") {
                let decoded = try Self.decodedReference(token.span)
                state = .text
                try emitText(decoded.span, into: &events)
            } else {
                token.append(byte)
                guard token.count <= Self.longestReference else {
                    throw MalformedXML(reason: "a reference is not closed")
                }
            }
        case .tagOpen:
            switch byte {
            case UInt8(ascii: "/"): state = .endName
            case UInt8(ascii: "?"): state = .instruction(previous: 0)
            case UInt8(ascii: "!"): state = .declaration
            default:
                guard !byte.isWhiteSpace, byte != UInt8(ascii: ">"), byte != UInt8(ascii: "<") else {
                    throw MalformedXML(reason: "an element has no name")
                }
                token.append(byte)
                state = .startName
            }
        case .attributes:
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "'"): state = .attributeValue(quote: byte)
            case UInt8(ascii: "/"): state = .emptyElement
            case UInt8(ascii: ">"): state = .text
            case UInt8(ascii: "<"): throw MalformedXML(reason: "a tag is not closed")
            default: break
            }
        case .emptyElement:
            guard byte == UInt8(ascii: ">") else { throw MalformedXML(reason: "a tag is not closed") }
            state = .text
            try closeElement(into: &events)
        case .endNameDone:
            if byte == UInt8(ascii: ">") {
                state = .text
                try closeElement(into: &events)
            } else if !byte.isWhiteSpace {
                throw MalformedXML(reason: "an end tag is not closed")
            }
        case .declaration:
            token.append(byte)
            if token == Array("--".utf8) {
                state = .comment(dashes: 0)
            } else if token == Array("[CDATA[".utf8) {
                state = .cdata(brackets: 0)
            } else if token.count >= 7 {
                throw MalformedXML(reason: "it holds a document type declaration")
            }
        case .comment(let dashes):
            if byte == UInt8(ascii: "-") {
                state = .comment(dashes: dashes + 1)
            } else {
                state = byte == UInt8(ascii: ">") && dashes >= 2 ? .text : .comment(dashes: 0)
            }
        case .cdata(let brackets):
            try readCharacterData(byte, after: brackets, into: &events)
        }
    }

    private mutating func readCharacterData(
        _ byte: UInt8,
        after brackets: Int,
        into events: inout some XMLEvents
    ) throws(MalformedXML) {
        if byte == UInt8(ascii: "]") {
            state = .cdata(brackets: brackets + 1)
            return
        }
        let ends = byte == UInt8(ascii: ">") && brackets >= 2
        var literal = [UInt8](repeating: UInt8(ascii: "]"), count: ends ? brackets - 2 : brackets)
        if !ends { literal.append(byte) }
        state = ends ? .text : .cdata(brackets: 0)
        if !literal.isEmpty { try emitText(literal.span, into: &events) }
    }

    private mutating func emitText(_ piece: Span<UInt8>, into events: inout some XMLEvents) throws(MalformedXML) {
        if nameStarts.isEmpty {
            for index in piece.indices where !piece[index].isWhiteSpace && !(piece[index] >= 0x80 && !sawRoot) {
                throw MalformedXML(reason: sawRoot ? "text follows the document" : "it does not begin with an element")
            }
        } else {
            try events.text(piece)
        }
    }

    private mutating func finishName(at byte: UInt8, into events: inout some XMLEvents) throws(MalformedXML) {
        guard byte != UInt8(ascii: "<") else { throw MalformedXML(reason: "a tag is not closed") }
        if case .startName = state {
            let name = token
            try openElement(name.span, into: &events)
            switch byte {
            case UInt8(ascii: ">"): state = .text
            case UInt8(ascii: "/"): state = .emptyElement
            default: state = .attributes
            }
        } else {
            try matchOpenName(token.span)
            state = .endNameDone
            if byte != UInt8(ascii: ">") {
                guard byte.isWhiteSpace else { throw MalformedXML(reason: "an end tag is not closed") }
            } else {
                state = .text
                try closeElement(into: &events)
            }
        }
    }

    private mutating func openElement(
        _ name: Span<UInt8>,
        into events: inout some XMLEvents
    ) throws(MalformedXML) {
        guard !(sawRoot && nameStarts.isEmpty) else { throw MalformedXML(reason: "an element follows the document") }
        guard nameStarts.count < Self.deepestNesting else { throw MalformedXML(reason: "it is nested too deep") }
        sawRoot = true
        nameStarts.append(openNames.count)
        openNames.append(name)
        try events.startElement(name.extracting(name.localNameStart..<name.count))
    }

    private func matchOpenName(_ name: Span<UInt8>) throws(MalformedXML) {
        guard let start = nameStarts.last, openNames.count - start == name.count,
            name.indices.allSatisfy({ name[$0] == openNames[start + $0] })
        else { throw MalformedXML(reason: "an end tag does not match its element") }
    }

    private mutating func closeElement(into events: inout some XMLEvents) throws(MalformedXML) {
        guard let start = nameStarts.popLast() else { preconditionFailure("an element closes that was not opened") }
        openNames.removeLast(openNames.count - start)
        try events.endElement()
    }

    /// A whole text with its references replaced by what they stand for.
    private static func decoded(_ text: Span<UInt8>) throws(MalformedXML) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(text.count)
        var index = 0
        while index < text.count {
            guard text[index] == UInt8(ascii: "&") else {
                result.append(text[index])
                index += 1
                continue
            }
            let start = index + 1
            var end = start
            while end < text.count, text[end] != UInt8(ascii: ";"), end - start <= longestReference { end += 1 }
            guard end < text.count, end - start <= longestReference else {
                throw MalformedXML(reason: "a reference is not closed")
            }
            result.append(contentsOf: try decodedReference(text.extracting(start..<end)))
            index = end + 1
        }
        return result
    }

    /// The bytes that a reference stands for, given what is between its `&` and its `;`.
    private static func decodedReference(_ reference: Span<UInt8>) throws(MalformedXML) -> [UInt8] {
        for entity in entities where reference.equals(entity.name.span) { return entity.text }
        let name = reference.text
        let isHexadecimal = name.hasPrefix("#x")
        let digits = name.dropFirst(isHexadecimal ? 2 : 1)
        // A sign, which Swift reads in a number, is none of a reference's.
        guard name.first == "#", digits.first != "+", let number = UInt32(digits, radix: isHexadecimal ? 16 : 10),
            let scalar = Unicode.Scalar(number)
        else {
            throw MalformedXML(reason: "it holds the unknown reference '&\(name);'")
        }
        return Array(String(Character(scalar)).utf8)
    }
}

extension Span<UInt8> {
    /// Where the name ends that begins at `start`; `nil` if there is none.
    ///
    /// What ends it is not looked at.
    fileprivate func endOfName(at start: Int) -> Int? {
        var end = start
        while end < count, self[end].isPlainNameByte { end += 1 }
        return end > start && end - start <= XMLTokenizer.longestName ? end : nil
    }

    /// Whether `</name>` stands at a place, the name being that in another part of these bytes.
    fileprivate func hasEndTag(of name: Range<Int>, at start: Int) -> Bool {
        let nameStart = start + 2
        guard nameStart + name.count < count, self[start] == UInt8(ascii: "<"), self[start + 1] == UInt8(ascii: "/"),
            self[nameStart + name.count] == UInt8(ascii: ">")
        else { return false }
        for offset in 0..<name.count where self[nameStart + offset] != self[name.lowerBound + offset] { return false }
        return true
    }

    /// Where a name begins behind its namespace prefix; 0 if it has none.
    fileprivate var localNameStart: Int {
        for index in indices where self[index] == UInt8(ascii: ":") { return index + 1 }
        return 0
    }
}

extension UInt8 {
    /// Whether the byte is one that S3's element names are made of; other names are read more slowly.
    fileprivate var isPlainNameByte: Bool {
        isASCIILetterOrDigit || self == UInt8(ascii: ":") || self == UInt8(ascii: "_") || self == UInt8(ascii: "-")
    }
}
