/// What an XML document consists of, told to whoever reads it as the bytes arrive.
protocol XMLEvents {
    /// An element begins. `name` is without its namespace prefix.
    mutating func startElement(_ name: Span<UInt8>) throws(MalformedXML)
    /// A piece of the text of the innermost element; one text may come in several pieces.
    mutating func text(_ piece: Span<UInt8>) throws(MalformedXML)
    /// The innermost element ends.
    mutating func endElement() throws(MalformedXML)
    /// An element that holds text alone begins and ends; its text is whole.
    mutating func leaf(_ name: Span<UInt8>, _ text: Span<UInt8>) throws(MalformedXML)
}

extension XMLEvents {
    /// Tells of the element by the events that it consists of.
    mutating func leaf(_ name: Span<UInt8>, _ text: Span<UInt8>) throws(MalformedXML) {
        try startElement(name)
        if !text.isEmpty { try self.text(text) }
        try endElement()
    }
}
