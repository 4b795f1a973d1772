import NIOHTTP1

/// The form of a request that Signature V4 signs (S3 API reference, "Authenticating Requests: Using the Authorization
/// Header").
enum CanonicalRequest {
    /// Writes the canonical request.
    ///
    /// The path and the query are decoded and encoded again, so that it does not matter which characters the client
    /// chose to escape; a path is never normalised. `X-Amz-Signature` itself is left out.
    ///
    /// - Throws: `InvalidURI`, or `AccessDenied` when a header that must be signed is not.
    static func text(
        of head: RequestHead,
        target: RequestTarget,
        authorization: Authorization
    ) throws(S3Error) -> [UInt8] {
        try checkSignedHeaders(of: head, names: authorization.signedHeaders)
        var text: [UInt8] = []
        text.reserveCapacity(1024)
        text.append(contentsOf: head.method.utf8)
        text.append(newline)
        guard let path = PercentCoding.decode(target.rawPath.utf8, plusIsSpace: false) else { throw .invalidURI }
        PercentCoding.appendCanonical(path, keepingSlash: true, to: &text)
        text.append(newline)
        appendQuery(target.query, to: &text)
        text.append(newline)
        for name in authorization.signedHeaders {
            text.append(contentsOf: name.utf8)
            text.append(UInt8(ascii: ":"))
            appendValue(of: name, in: head.headers, to: &text)
            text.append(newline)
        }
        text.append(newline)
        for (index, name) in authorization.signedHeaders.enumerated() {
            if index > 0 { text.append(UInt8(ascii: ";")) }
            text.append(contentsOf: name.utf8)
        }
        text.append(newline)
        text.append(contentsOf: authorization.payloadText.utf8)
        return text
    }

    private static let newline = UInt8(ascii: "\n")

    /// S3 wants `host` and every `x-amz-` header signed, else one could be added on the way.
    private static func checkSignedHeaders(of head: RequestHead, names: [Substring]) throws(S3Error) {
        var missing: [String] = []
        if !names.contains("host") { missing.append("host") }
        for (name, _) in head.headers where name.hasASCIIPrefix("x-amz-") {
            if !names.contains(where: { $0.equalsASCII(name) }) { missing.append(name.lowercased()) }
        }
        guard missing.isEmpty else {
            throw .accessDenied(
                "There were headers present in the request which were not signed",
                [S3Error.Detail("HeadersNotSigned", missing.joined(separator: ", "))]
            )
        }
    }

    private static func appendQuery(_ query: QueryParameters, to text: inout [UInt8]) {
        if query.pairs.isEmpty { return }
        var pairs: [(name: [UInt8], value: [UInt8])] = []
        for (name, value) in query.pairs where name != "X-Amz-Signature" {
            var pair: (name: [UInt8], value: [UInt8]) = ([], [])
            PercentCoding.appendCanonical(name.utf8, keepingSlash: false, to: &pair.name)
            PercentCoding.appendCanonical(value.utf8, keepingSlash: false, to: &pair.value)
            pairs.append(pair)
        }
        pairs.sort { left, right in
            left.name == right.name
                ? left.value.lexicographicallyPrecedes(right.value) : left.name.lexicographicallyPrecedes(right.name)
        }
        for (index, pair) in pairs.enumerated() {
            if index > 0 { text.append(UInt8(ascii: "&")) }
            text.append(contentsOf: pair.name)
            text.append(UInt8(ascii: "="))
            text.append(contentsOf: pair.value)
        }
    }

    /// All values of a header, joined by commas; each trimmed, runs of spaces in it made one.
    private static func appendValue(of name: Substring, in headers: HTTPHeaders, to text: inout [UInt8]) {
        var isFirst = true
        for (candidate, value) in headers where candidate.equalsASCII(name) {
            if !isFirst { text.append(UInt8(ascii: ",")) }
            isFirst = false
            var previous = UInt8(ascii: " ")
            for byte in value.trimmingSpaces().utf8 {
                if byte != UInt8(ascii: " ") || previous != byte { text.append(byte) }
                previous = byte
            }
        }
    }
}
