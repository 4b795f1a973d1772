/// An object's bytes and what follows from them.
final class ObjectContent: Sendable {
    /// A part of an object that was uploaded in parts.
    struct Part: Sendable, Codable {
        var number: Int
        /// In bytes.
        var size: Int
        var checksum: Checksum?
    }

    let body: Body
    /// In bytes.
    let size: Int
    /// Without its quotation marks.
    let entityTag: String
    /// Empty for an object that came in one piece.
    let parts: [Part]
    let checksum: Checksum?

    init(body: Body, size: Int, entityTag: String, parts: [Part] = [], checksum: Checksum? = nil) {
        self.body = body
        self.size = size
        self.entityTag = entityTag
        self.parts = parts
        self.checksum = checksum
    }

    func moved(to body: Body) -> ObjectContent {
        ObjectContent(body: body, size: size, entityTag: entityTag, parts: parts, checksum: checksum)
    }

    /// The bytes of a part, or `nil` when there is no such part.
    ///
    /// An object in one piece is its own part 1.
    func range(ofPart number: Int) -> Range<Int>? {
        if parts.isEmpty { return number == 1 ? 0..<size : nil }
        var start = 0
        for part in parts {
            if part.number == number { return start..<start + part.size }
            start += part.size
        }
        return nil
    }
}
