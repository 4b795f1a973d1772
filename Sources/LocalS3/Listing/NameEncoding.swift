/// How names are written in a listing.
struct NameEncoding: Sendable {
    let isURL: Bool

    /// - Throws: `InvalidArgument` when another encoding than `url` is asked for.
    init(_ query: QueryParameters) throws(S3Error) {
        guard let type = query["encoding-type"], !type.isEmpty else {
            isURL = false
            return
        }
        guard type == "url" else {
            throw .invalidArgument("encoding-type", type, "Invalid Encoding Method specified in Request")
        }
        isURL = true
    }

    func write(_ name: String, _ bytes: [UInt8], to writer: inout XMLWriter) {
        guard isURL else { return writer.element(name, bytes) }
        // What percent-encoding leaves, XML has no escape for.
        writer.element(name, plain: { PercentCoding.appendListed(bytes, to: &$0) })
    }
}
