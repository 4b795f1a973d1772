@testable import S3Protocol

/// Writes down what a tokenizer tells: `<name`, the text of an element in one piece, `>` at its end.
struct EventRecorder: XMLEvents {
    private(set) var transcript = ""
    private var pending: [UInt8] = []

    mutating func startElement(_ name: Span<UInt8>) {
        flush()
        transcript += "<\(name.text) "
    }

    mutating func text(_ piece: Span<UInt8>) {
        pending.append(piece)
    }

    mutating func endElement() {
        flush()
        transcript += ">"
    }

    /// Text comes in pieces of any size, so that only its whole can be compared.
    private mutating func flush() {
        transcript += String(decoding: pending, as: UTF8.self)
        pending = []
    }

    /// What a document amounts to when it arrives in these pieces, or why it was refused.
    static func transcript(of pieces: [[UInt8]]) -> Result<String, MalformedXML> {
        var tokenizer = XMLTokenizer()
        var recorder = EventRecorder()
        do throws(MalformedXML) {
            for piece in pieces { try tokenizer.read(piece.span, into: &recorder) }
        } catch {
            return .failure(error)
        }
        guard tokenizer.isComplete else { return .failure(MalformedXML(reason: "incomplete")) }
        return .success(recorder.transcript)
    }
}
