/// What an XML document consists of, told to whoever reads it as the bytes arrive.
protocol XMLEvents {
    /// An element begins. `name` is without its namespace prefix.
    mutating func startElement(_ name: Span<UInt8>) throws(MalformedXML)
    /// A piece of the text of the innermost element; one text may come in several pieces.
    mutating func text(_ piece: Span<UInt8>) throws(MalformedXML)
    /// The innermost element ends.
    mutating func endElement() throws(MalformedXML)
}
