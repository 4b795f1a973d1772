import NIOHTTP1

/// An answer, to be sent by the connection.
struct Response {
    /// The bytes after the headers.
    enum Content {
        case none
        case bytes([UInt8])
        case stored(BodyReader)
    }

    /// What goes wrong with the answer on purpose.
    enum Interruption: Sendable {
        case none
        /// The connection is reset before anything is sent.
        case reset
        /// The connection is closed after so many bytes of the content, of which all were announced.
        case close(afterBytes: Int)
    }

    var status: Int
    var headers: HTTPHeaders
    var content: Content
    /// What `Content-Length` says; the answer to HEAD says it of a content that isn't sent.
    var contentLength: Int
    var interruption = Interruption.none
    /// How long it is held back on purpose, beside the server's latency.
    var delay = Duration.zero

    /// An answer without content.
    init(status: Int = 200, headers: HTTPHeaders = [:]) {
        self.status = status
        self.headers = headers
        content = .none
        contentLength = 0
    }

    /// A document.
    init(status: Int = 200, headers: HTTPHeaders = [:], document: [UInt8]) {
        self.status = status
        self.headers = headers
        self.headers.add(name: "Content-Type", value: "application/xml")
        content = .bytes(document)
        contentLength = document.count
    }

    /// An error and its document.
    init(_ error: S3Error, resource: String, requestID: String) {
        var headers = HTTPHeaders()
        for header in error.headers { headers.add(name: header.name, value: header.value) }
        guard error.status != 304 else {
            self.init(status: 304, headers: headers)
            return
        }
        self.init(
            status: error.status,
            headers: headers,
            document: Self.document(error, resource: resource, requestID: requestID)
        )
    }

    /// S3's document of an error.
    static func document(_ error: S3Error, resource: String, requestID: String) -> [UInt8] {
        var writer = XMLWriter(root: "Error", hasNamespace: false)
        writer.element("Code", error.code)
        writer.element("Message", error.message)
        for detail in error.details { writer.element(detail.name, detail.value) }
        writer.element("Resource", resource)
        writer.element("RequestId", requestID)
        writer.element("HostId", S3Service.hostID)
        writer.close("Error")
        return writer.bytes
    }
}
