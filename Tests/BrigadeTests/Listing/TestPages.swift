import S3Protocol

/// Pages as a server's answer gives them.
enum TestPages {
    /// A page of objects of one byte each.
    ///
    /// - Parameters:
    ///   - keys: Their keys, which XML takes as they are.
    ///   - token: What the next page is to be asked for with; `nil` if there is none.
    ///   - isTruncated: Whether more keys follow; by default if there is a token.
    /// - Returns: The page.
    /// - Throws: `MalformedXML` if a key is none that XML takes.
    static func page(_ keys: [String], token: String? = nil, isTruncated: Bool? = nil) throws -> ListPage {
        let objects = keys.map { "<Contents><Key>\($0)</Key><Size>1</Size></Contents>" }.joined()
        let next = token.map { "<NextContinuationToken>\($0)</NextContinuationToken>" } ?? ""
        let document = Array(
            "<ListBucketResult><IsTruncated>\(isTruncated ?? (token != nil))</IsTruncated>\(next)\(objects)</ListBucketResult>"
                .utf8
        )
        var reader = ListPageReader()
        try reader.read(document.span)
        return try reader.finish()
    }
}
