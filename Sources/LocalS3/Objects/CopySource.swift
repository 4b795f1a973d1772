/// The source of a copy, as `x-amz-copy-source` names it: `bucket/key`, percent-encoded, a leading `/` allowed.
struct CopySource: Sendable {
    let bucket: String
    let key: ObjectKey

    /// Reads the header.
    ///
    /// As on S3, `+` stands for a space, so that a client which leaves a plus sign as it is names another object.
    ///
    /// - Throws: `InvalidArgument`, `KeyTooLongError`, `NoSuchVersion`.
    init(_ header: String) throws(S3Error) {
        let invalid = S3Error.invalidArgument(
            "x-amz-copy-source",
            header,
            "Copy Source must mention the source bucket and key: sourcebucket/sourcekey"
        )
        var text = header[...]
        if let mark = text.utf8.lastIndex(of: UInt8(ascii: "?")) {
            let version = text[mark...]
            guard version.hasPrefix("?versionId=") else { throw invalid }
            guard version == "?versionId=null" else { throw .noSuchVersion }
            text = text[..<mark]
        }
        guard var bytes = PercentCoding.decode(text.utf8, plusIsSpace: true)?[...] else { throw invalid }
        if bytes.first == UInt8(ascii: "/") { bytes = bytes.dropFirst() }
        guard let slash = bytes.firstIndex(of: UInt8(ascii: "/")), slash > bytes.startIndex,
            slash + 1 < bytes.endIndex, let name = String(validating: bytes[..<slash], as: UTF8.self)
        else { throw invalid }
        bucket = name
        key = try ObjectKey(validating: Array(bytes[(slash + 1)...]))
    }
}
