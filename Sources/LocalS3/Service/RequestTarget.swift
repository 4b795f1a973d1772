import NIOHTTP1

/// What a request is about: the service, a bucket, or an object; and its parameters.
struct RequestTarget: Sendable {
    /// The path, as it was sent.
    let rawPath: Substring
    let bucket: String?
    /// Not empty.
    let key: ObjectKey?
    let query: QueryParameters

    /// Reads a request's target, in path style or, by its `Host`, in virtual host style.
    ///
    /// `baseHost` is the server's own name; what a host has before it is a bucket's.
    ///
    /// - Throws: `InvalidURI`, `KeyTooLongError`.
    init(_ head: RequestHead, baseHost: String) throws(S3Error) {
        guard head.target.utf8.first == UInt8(ascii: "/") else { throw .invalidURI }
        let mark = head.target.utf8.firstIndex(of: UInt8(ascii: "?"))
        rawPath = head.target[..<(mark ?? head.target.endIndex)]
        query = try QueryParameters(mark.map { head.target[$0...].dropFirst() } ?? "")
        var path = rawPath.utf8.dropFirst()
        if let host = head.headers.first(name: "Host"), let bucket = Self.bucket(host: host, baseHost: baseHost) {
            self.bucket = bucket
        } else if path.isEmpty {
            bucket = nil
        } else {
            let end = path.firstIndex(of: UInt8(ascii: "/")) ?? path.endIndex
            guard let name = PercentCoding.decodeText(path[..<end], plusIsSpace: false) else { throw .invalidURI }
            bucket = name
            path = path[end...].dropFirst()
        }
        if path.isEmpty {
            key = nil
        } else {
            guard let bytes = PercentCoding.decode(path, plusIsSpace: false) else { throw .invalidURI }
            key = try ObjectKey(validating: bytes)
        }
    }

    /// The bucket that a host name stands for: `BUCKET.localhost`, `BUCKET.s3.…`, or `BUCKET.` and the base host.
    private static func bucket(host: String, baseHost: String) -> String? {
        if let first = host.utf8.first, first == UInt8(ascii: "[") || host == baseHost { return nil }
        let name = host.utf8.firstIndex(of: UInt8(ascii: ":")).map { host[..<$0] } ?? host[...]
        for suffix in ["localhost", baseHost] where name.hasSuffix(suffix) {
            let rest = name.dropLast(suffix.utf8.count)
            if rest.utf8.last == UInt8(ascii: "."), rest.utf8.count > 1 { return String(rest.dropLast()) }
        }
        let labels = name.split(separator: ".", omittingEmptySubsequences: false)
        if let service = labels.dropFirst().firstIndex(where: { $0 == "s3" || $0.hasPrefix("s3-") }) {
            return labels[..<service].joined(separator: ".")
        }
        return nil
    }
}

extension ObjectKey {
    /// A key that a user names.
    ///
    /// - Throws: `KeyTooLongError`, or `InvalidURI` when the bytes are not UTF-8.
    init(validating bytes: [UInt8]) throws(S3Error) {
        guard bytes.count <= Self.maximumLength else { throw .keyTooLong(size: bytes.count) }
        guard String(validating: bytes, as: UTF8.self) != nil else { throw .invalidURI }
        self.init(bytes)
    }
}
