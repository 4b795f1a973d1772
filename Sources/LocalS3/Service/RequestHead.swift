import NIOHTTP1

/// A request before its body, as it was sent.
struct RequestHead: Sendable {
    var method: String
    /// The path and the query, byte for byte as they were on the wire: the signature is over them.
    var target: String
    var headers: HTTPHeaders

    init(method: String, target: String, headers: HTTPHeaders) {
        self.method = method
        self.target = target
        self.headers = headers
    }

    /// The bytes of body announced, or `nil` where the body's end is marked instead.
    var contentLength: Int? {
        headers.first(name: "Content-Length").flatMap { Int($0) }
    }
}
