import NIOHTTP1

/// What a user says about an object and gets back with it: the headers that S3 keeps, and user metadata.
final class ObjectAttributes: Sendable {
    /// A header and its value.
    struct Field: Sendable, Hashable, Codable {
        var name: String
        var value: String
    }

    /// The headers kept as they came ("system-defined metadata that a user can modify", S3 user guide).
    static let keptHeaders = [
        "Content-Type", "Cache-Control", "Content-Disposition", "Content-Encoding", "Content-Language", "Expires",
    ]

    /// What S3 says of an object that came without a content type.
    static let defaultContentType = "binary/octet-stream"

    /// The start of the name of every header that carries user metadata.
    static let metadataPrefix = "x-amz-meta-"

    /// S3's bound on user metadata: names and values together, in bytes.
    static let metadataLimit = 2048

    /// By the names of `keptHeaders`; there is always a content type.
    let headers: [Field]
    /// By lower-case names, without the prefix.
    let metadata: [Field]

    init(headers: [Field], metadata: [Field]) {
        self.headers = headers
        self.metadata = metadata
    }

    /// Takes what a request says of the object that it makes.
    ///
    /// - Throws: `MetadataTooLarge`.
    convenience init(request: HTTPHeaders) throws(S3Error) {
        var headers: [Field] = []
        for name in Self.keptHeaders {
            guard var value = request.first(name: name) else { continue }
            if name == "Content-Encoding" { value = Self.removingTransferCoding(value) }
            if !value.isEmpty { headers.append(Field(name: name, value: value)) }
        }
        if headers.first?.name != "Content-Type" {
            headers.insert(Field(name: "Content-Type", value: Self.defaultContentType), at: 0)
        }
        var metadata: [Field] = []
        var size = 0
        for (name, value) in request where name.hasASCIIPrefix(Self.metadataPrefix) {
            let name = name.dropFirst(Self.metadataPrefix.count).lowercased()
            size += name.utf8.count + value.utf8.count
            if let same = metadata.firstIndex(where: { $0.name == name }) {
                metadata[same].value += "," + value
            } else {
                metadata.append(Field(name: name, value: value))
            }
        }
        guard size <= Self.metadataLimit else { throw .metadataTooLarge(size: size) }
        self.init(headers: headers, metadata: metadata)
    }

    /// S3 keeps a content encoding without `aws-chunked`, which only says how the request was sent.
    private static func removingTransferCoding(_ value: String) -> String {
        value.split(separator: ",")
            .map { $0.trimmingSpaces() }
            .filter { $0 != "aws-chunked" }
            .joined(separator: ",")
    }

    /// Writes the headers of an answer that describes the object.
    func append(to answer: inout HTTPHeaders) {
        for field in headers { answer.add(name: field.name, value: field.value) }
        for field in metadata { answer.add(name: Self.metadataPrefix + field.name, value: field.value) }
    }
}
