import Foundation
import FoundationXML

/// The same facts of a page as a client takes them with Foundation's `XMLParser`, for comparison.
///
/// Times stay text, which favours it.
final class FoundationPage: NSObject, XMLParserDelegate {
    struct Object {
        var key = ""
        var etag = ""
        var size = 0
        var lastModified = ""
        var storageClass = ""
    }

    private(set) var objects: [Object] = []
    private var object = Object()
    private var text = ""

    /// Reads a whole page.
    ///
    /// - Returns: `nil` if it is no XML.
    static func read(_ document: Data) -> [Object]? {
        let page = FoundationPage()
        let parser = XMLParser(data: document)
        parser.delegate = page
        return parser.parse() ? page.objects : nil
    }

    func parser(
        _ parser: XMLParser,
        didStartElement name: String,
        namespaceURI: String?,
        qualifiedName: String?,
        attributes: [String: String]
    ) {
        text = ""
        if name == "Contents" { object = Object() }
    }

    func parser(_ parser: XMLParser, foundCharacters piece: String) {
        text += piece
    }

    func parser(_ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?) {
        switch name {
        case "Key": object.key = text.replacing("+", with: " ").removingPercentEncoding ?? ""
        case "ETag": object.etag = text.trimmingCharacters(in: ["\""])
        case "Size": object.size = Int(text) ?? 0
        case "LastModified": object.lastModified = text
        case "StorageClass": object.storageClass = text
        case "Contents": objects.append(object)
        default: break
        }
    }
}
