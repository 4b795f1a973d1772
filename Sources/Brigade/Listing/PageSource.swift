internal import S3Client
internal import S3Protocol

/// Where a listing's pages come from.
struct PageSource: Sendable {
    let client: S3Client
    let location: ObjectLocation
    let tally: ListTally
    /// The most keys that a page is asked to hold, 1 to 1,000.
    let pageSize: Int

    /// Asks for one page.
    ///
    /// - Parameters:
    ///   - startAfter: The key to list after; `nil` for the start.
    ///   - token: The token of the page before, which outweighs the key (API reference, ListObjectsV2).
    ///   - limit: The most keys to ask for; `nil` for ``pageSize``.
    /// - Returns: The page, which arrived whole.
    /// - Throws: ``S3ResponseError`` or ``S3ClientError``, after all repetitions that made sense.
    func page(startAfter: ObjectKey?, token: [UInt8]? = nil, limit: Int? = nil) async throws -> ListPage {
        tally.countRequest()
        let page = try await client.listObjects(
            location.bucket,
            prefix: location.prefix,
            startAfter: startAfter,
            continuationToken: token,
            maximumKeys: limit ?? pageSize
        )
        tally.countPage()
        return page
    }

    /// A walk through all keys above a key, or through all there are.
    func walk(startAfter: ObjectKey? = nil) -> SerialLister {
        SerialLister(startAfter: startAfter) { try await page(startAfter: $0, token: $1) }
    }
}
