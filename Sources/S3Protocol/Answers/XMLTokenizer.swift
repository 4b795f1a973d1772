/// Reads XML in pieces of any size, with memory bounded by the nesting, the longest name and a piece, not by the document.
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
    private static let longestName = 256

    private var state = State.text
    /// The name, reference or declaration being read.
    private var token: [UInt8] = []
    /// The names of the open elements, one after the other, and where each begins.
    private var openNames: [UInt8] = []
    private var nameStarts: [Int] = []
    private var sawRoot = false
    /// The last text that had references, with what they stand for; only kept for its memory.
    private var decodedText: [UInt8] = []

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
            case .text: index = try readContent(bytes, at: index, into: &events)
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
                index = bytes.firstIndex(of: quote, from: index)
                if index < count {
                    state = .attributes
                    index += 1
                }
            case .instruction(let previous):
                let start = index
                index = bytes.firstIndex(of: UInt8(ascii: ">"), from: index)
                let last = index > start ? bytes[index - 1] : previous
                if index < count {
                    state = last == UInt8(ascii: "?") ? .text : .instruction(previous: UInt8(ascii: ">"))
                    index += 1
                } else {
                    state = .instruction(previous: last)
                }
            case .cdata(let brackets): index = try readCharacterData(bytes, at: index, after: brackets, into: &events)
            default:
                try step(bytes[index], into: &events)
                index += 1
            }
        }
    }

    /// Reads text and plain tags up to the first thing that is neither, and returns where to read on.
    private mutating func readContent(
        _ bytes: Span<UInt8>,
        at start: Int,
        into events: inout some XMLEvents
    ) throws(MalformedXML) -> Int {
        var index = start
        while true {
            let mark = bytes.firstIndex(of: UInt8(ascii: "<"), or: UInt8(ascii: "&"), from: index)
            if mark > index { try emitText(bytes.extracting(index..<mark), into: &events) }
            guard mark < bytes.count else { return mark }
            let isTag = bytes[mark] == UInt8(ascii: "<")
            guard isTag, let end = try readPlainTag(bytes, at: mark + 1, into: &events) else {
                state = isTag ? .tagOpen : .reference
                token.removeAll(keepingCapacity: true)
                return mark + 1
            }
            index = end
        }
    }

    /// Reads a tag without attributes that stands in this piece as a whole, and with it the whole element if that is
    /// nothing but text: what nearly all of a listing consists of.
    ///
    /// - Returns: Where to read on; `nil` if the tag is not so plain, and has to be read byte by byte.
    @inline(__always)
    private mutating func readPlainTag(
        _ bytes: Span<UInt8>,
        at start: Int,
        into events: inout some XMLEvents
    ) throws(MalformedXML) -> Int? {
        guard start < bytes.count else { return nil }
        if bytes[start] == UInt8(ascii: "/") {
            guard let end = endOfEndTag(bytes, nameAt: start + 1) else { return nil }
            try closeElement(into: &events)
            return end
        }
        let (localStart, nameEnd) = bytes.plainName(at: start)
        guard nameEnd > start, nameEnd - start <= Self.longestName, nameEnd < bytes.count,
            bytes[nameEnd] == UInt8(ascii: ">")
        else { return nil }
        let name = bytes.extracting(start..<nameEnd)
        if !nameStarts.isEmpty, nameStarts.count < Self.deepestNesting {
            let textStart = nameEnd + 1
            let mark = bytes.firstIndex(of: UInt8(ascii: "<"), or: UInt8(ascii: "&"), from: textStart)
            let textEnd = bytes.firstIndex(of: UInt8(ascii: "<"), from: mark)
            if textEnd + 1 < bytes.count, bytes[textEnd + 1] == UInt8(ascii: "/"),
                bytes.hasTagEnd(name, at: textEnd + 2)
            {
                let localName = bytes.extracting(localStart..<nameEnd)
                let text = bytes.extracting(textStart..<textEnd)
                if mark == textEnd {
                    try events.leaf(localName, text)
                } else {
                    decodedText.removeAll(keepingCapacity: true)
                    try XMLReference.appendDecoded(text, to: &decodedText)
                    try events.leaf(localName, decodedText.span)
                }
                return textEnd + name.count + 3
            }
        }
        try openElement(name, into: &events)
        return nameEnd + 1
    }

    /// Where the end tag of the innermost element ends, if it stands there with its name at a place.
    @inline(__always)
    private func endOfEndTag(_ bytes: Span<UInt8>, nameAt start: Int) -> Int? {
        guard let nameStart = nameStarts.last else { return nil }
        let name = openNames.span.extracting(nameStart...)
        return bytes.hasTagEnd(name, at: start) ? start + name.count + 1 : nil
    }

    private mutating func step(_ byte: UInt8, into events: inout some XMLEvents) throws(MalformedXML) {
        switch state {
        case .text, .startName, .endName, .attributeValue, .instruction, .cdata:
            preconditionFailure("read by the loop itself")
        case .reference:
            if byte == UInt8(ascii: ";") {
                var character: [UInt8] = []
                try XMLReference.append(token.span, to: &character)
                state = .text
                try emitText(character.span, into: &events)
            } else {
                token.append(byte)
                guard token.count <= XMLReference.longest, byte != UInt8(ascii: "<") else {
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
        }
    }

    /// Reads text that is taken as it stands, up to the `]]>` that ends it, and returns where to read on.
    ///
    /// `brackets` are the `]` that came last, at most 2: text, or the beginning of the end.
    private mutating func readCharacterData(
        _ bytes: Span<UInt8>,
        at start: Int,
        after brackets: Int,
        into events: inout some XMLEvents
    ) throws(MalformedXML) -> Int {
        if brackets == 0 {
            let end = bytes.firstIndex(of: UInt8(ascii: "]"), from: start)
            if end > start { try emitText(bytes.extracting(start..<end), into: &events) }
            guard end < bytes.count else { return end }
            state = .cdata(brackets: 1)
            return end + 1
        }
        let isBracket = bytes[start] == UInt8(ascii: "]")
        switch brackets {
        case 1 where isBracket:
            state = .cdata(brackets: 2)
            return start + 1
        case 2 where bytes[start] == UInt8(ascii: ">"):
            state = .text
            return start + 1
        default:
            // They were text: all of them, or the first of three.
            let text = [UInt8](repeating: UInt8(ascii: "]"), count: isBracket ? 1 : brackets)
            if !isBracket { state = .cdata(brackets: 0) }
            try emitText(text.span, into: &events)
            return isBracket ? start + 1 : start
        }
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
}

extension Span<UInt8> {
    /// Where a name of plain bytes ends that begins at a place, and where its part behind a namespace prefix begins.
    ///
    /// Both are the place itself if no name begins there; what ends the name is not looked at. Names with other bytes are
    /// read more slowly.
    @inline(__always)
    fileprivate func plainName(at start: Int) -> (localStart: Int, end: Int) {
        var localStart = start
        var end = start
        while end < count {
            let byte = self[end]
            // Of what is above, all is a name's; `>`, `/`, `?`, `=`, quotes and white space are below.
            if byte < UInt8(ascii: "A") {
                if byte == UInt8(ascii: ":") {
                    if localStart == start { localStart = end + 1 }
                } else if byte != UInt8(ascii: "-"), byte.decimalValue == nil {
                    break
                }
            }
            end += 1
        }
        return (localStart, end)
    }

    /// Whether `name>` stands at a place.
    @inline(__always)
    fileprivate func hasTagEnd(_ name: Span<UInt8>, at start: Int) -> Bool {
        let end = start + name.count
        return end < count && self[end] == UInt8(ascii: ">") && extracting(start..<end).equals(name)
    }

    /// Where a name begins behind its namespace prefix; 0 if it has none.
    fileprivate var localNameStart: Int {
        let colon = firstIndex(of: UInt8(ascii: ":"), from: 0)
        return colon < count ? colon + 1 : 0
    }
}
