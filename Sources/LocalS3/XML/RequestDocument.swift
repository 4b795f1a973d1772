import Foundation
import FoundationXML

/// The document of a request, as a tree of elements.
struct RequestDocument: Sendable {
    var name: String
    /// The text directly in the element, white space and all.
    var text = ""
    var children: [RequestDocument] = []

    /// Deeper than any document that S3 takes.
    private static let deepest = 8

    /// Reads a document whose root has this name.
    ///
    /// - Throws: `MalformedXML` when it is not well-formed, has another root, or is deeper than S3's documents.
    static func parse(_ bytes: [UInt8], root: String) throws(S3Error) -> RequestDocument {
        let builder = Builder()
        let parser = XMLParser(data: Data(bytes))
        parser.shouldResolveExternalEntities = false
        parser.delegate = builder
        guard parser.parse(), !builder.isTooDeep, let document = builder.root, document.name == root else {
            throw .malformedXML
        }
        return document
    }

    /// The elements of a name.
    func all(_ name: String) -> [RequestDocument] { children.filter { $0.name == name } }

    /// The first element of a name, or `nil`.
    func first(_ name: String) -> RequestDocument? { children.first { $0.name == name } }

    /// The text of an element that there must be.
    ///
    /// - Throws: `MalformedXML`.
    func requiredText(_ name: String) throws(S3Error) -> String {
        guard let child = first(name) else { throw .malformedXML }
        return child.text
    }

    private final class Builder: NSObject, XMLParserDelegate {
        var root: RequestDocument?
        var isTooDeep = false
        private var path: [RequestDocument] = []

        func parser(
            _ parser: XMLParser,
            didStartElement elementName: String,
            namespaceURI: String?,
            qualifiedName: String?,
            attributes: [String: String]
        ) {
            path.append(RequestDocument(name: elementName))
            if path.count > RequestDocument.deepest {
                isTooDeep = true
                parser.abortParsing()
            }
        }

        func parser(_ parser: XMLParser, foundCharacters string: String) {
            guard !path.isEmpty else { return }
            path[path.count - 1].text += string
        }

        func parser(_ parser: XMLParser, foundCDATA data: Data) {
            guard !path.isEmpty else { return }
            path[path.count - 1].text += String(decoding: data, as: UTF8.self)
        }

        func parser(
            _ parser: XMLParser,
            didEndElement elementName: String,
            namespaceURI: String?,
            qualifiedName: String?
        ) {
            guard let element = path.popLast() else { return }
            if path.isEmpty { root = element } else { path[path.count - 1].children.append(element) }
        }
    }
}
