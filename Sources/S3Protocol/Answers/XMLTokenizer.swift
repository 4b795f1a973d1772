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
    private static let longestName = 256

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

    private mutating func step(_ byte: UInt8, into events: inout some XMLEvents) throws(MalformedXML) {
        switch state {
        case .text, .startName, .endName, .attributeValue, .instruction:
            preconditionFailure("read by the loop itself")
        case .reference:
            if byte == UInt8(ascii: ";") {
                let decoded = try decodeReference()
                state = .text
                try emitText(decoded.span, into: &events)
            } else {
                token.append(byte)
                guard token.count <= 10 else { throw MalformedXML(reason: "a reference is not closed") }
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
            try openElement(into: &events)
            switch byte {
            case UInt8(ascii: ">"): state = .text
            case UInt8(ascii: "/"): state = .emptyElement
            default: state = .attributes
            }
        } else {
            guard let start = nameStarts.last, openNames[start...] == token[...] else {
                throw MalformedXML(reason: "an end tag does not match its element")
            }
            state = .endNameDone
            if byte != UInt8(ascii: ">") {
                guard byte.isWhiteSpace else { throw MalformedXML(reason: "an end tag is not closed") }
            } else {
                state = .text
                try closeElement(into: &events)
            }
        }
    }

    private mutating func openElement(into events: inout some XMLEvents) throws(MalformedXML) {
        guard !(sawRoot && nameStarts.isEmpty) else { throw MalformedXML(reason: "an element follows the document") }
        guard nameStarts.count < Self.deepestNesting else { throw MalformedXML(reason: "it is nested too deep") }
        sawRoot = true
        nameStarts.append(openNames.count)
        openNames.append(contentsOf: token)
        let local = token.lastIndex(of: UInt8(ascii: ":")).map { $0 + 1 } ?? 0
        try events.startElement(token.span.extracting(local..<token.count))
    }

    private mutating func closeElement(into events: inout some XMLEvents) throws(MalformedXML) {
        guard let start = nameStarts.popLast() else { preconditionFailure("an element closes that was not opened") }
        openNames.removeLast(openNames.count - start)
        try events.endElement()
    }

    /// The bytes that the reference in `token` stands for.
    private func decodeReference() throws(MalformedXML) -> [UInt8] {
        switch String(decoding: token, as: UTF8.self) {
        case "amp": return [UInt8(ascii: "&")]
        case "lt": return [UInt8(ascii: "<")]
        case "gt": return [UInt8(ascii: ">")]
        case "quot": return [UInt8(ascii: "\"")]
        case "apos": return [UInt8(ascii: "'")]
        case let name:
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
}
