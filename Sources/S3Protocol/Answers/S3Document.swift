/// One of S3's small answers, read whole: its root and the texts of its leaves.
///
/// Meant for answers of known, small size (copy results, errors, batch deletions); listings have ``ListPageReader``.
public struct S3Document: Sendable {
    private var events = Events()

    /// Reads a whole document.
    ///
    /// - Throws: ``MalformedXML`` if it is not XML or ends before its end.
    public init(_ bytes: [UInt8]) throws(MalformedXML) {
        var tokenizer = XMLTokenizer()
        try tokenizer.read(bytes.span, into: &events)
        guard tokenizer.isComplete else {
            throw MalformedXML(reason: tokenizer.hasRoot ? "it ends before its end" : "it is empty")
        }
    }

    /// The name of the root element.
    public var root: String { String(decoding: events.root, as: UTF8.self) }

    /// Whether the root element has a name.
    func isRooted(_ name: StaticString) -> Bool { events.root.span.equals(name) }

    /// The text of the first leaf with a name, wherever it stands.
    public func first(_ name: StaticString) -> ArraySlice<UInt8>? {
        for leaf in events.leaves where events.storage.span.extracting(leaf.name).equals(name) {
            return events.storage[leaf.text]
        }
        return nil
    }

    /// The text of the first leaf with a name as a `String`; `nil` where there is none or it is empty.
    public func text(_ name: StaticString) -> String? {
        guard let bytes = first(name), !bytes.isEmpty else { return nil }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The texts of the leaves named `leaf` in each element named `group`, in the document's order: one row an element,
    /// `nil` where the element lacks the leaf.
    public func rows(of group: StaticString, _ leaves: [StaticString]) -> [[ArraySlice<UInt8>?]] {
        events.groups.filter { events.storage.span.extracting($0.name).equals(group) }.map { element in
            leaves.map { wanted in
                events.leaves[element.leaves].first { events.storage.span.extracting($0.name).equals(wanted) }
                    .map { events.storage[$0.text] }
            }
        }
    }

    private struct Events: XMLEvents {
        struct Leaf {
            var name: Range<Int>
            var text: Range<Int>
        }

        /// An element that holds other elements, with those leaves that ended inside it.
        struct Group {
            var name: Range<Int>
            var leaves: Range<Int>
        }

        private struct Open {
            var name: Range<Int>
            var textStart: Int
            var firstLeaf: Int
            var hasChildren = false
        }

        var root: [UInt8] = []
        var storage: [UInt8] = []
        var leaves: [Leaf] = []
        var groups: [Group] = []
        private var open: [Open] = []

        mutating func startElement(_ name: Span<UInt8>) {
            if open.isEmpty { root.append(name) } else { open[open.count - 1].hasChildren = true }
            let start = storage.count
            storage.append(name)
            open.append(Open(name: start..<storage.count, textStart: storage.count, firstLeaf: leaves.count))
        }

        mutating func text(_ piece: Span<UInt8>) {
            storage.append(piece)
        }

        mutating func endElement() {
            guard let element = open.popLast() else { return }
            if element.hasChildren {
                groups.append(Group(name: element.name, leaves: element.firstLeaf..<leaves.count))
            } else {
                leaves.append(Leaf(name: element.name, text: element.textStart..<storage.count))
            }
        }
    }
}
