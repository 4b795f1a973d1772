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
    /// - Throws: ``S3ResponseError`` or ``S3ClientError``, after all repetitions that made sense; also if the page
    ///   shows that the server takes no notice of the prefix.
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
        // What lies between two keys with a prefix has it too, in byte order.
        try checkPrefix(of: [page.first, page.last].lazy.compactMap { $0?.key })
        return page
    }

    /// A walk through all keys above a key, or through all there are, by pages of so many keys at most.
    func walk(startAfter: ObjectKey? = nil, limit: Int? = nil) -> SerialLister {
        SerialLister(startAfter: startAfter) { try await page(startAfter: $0, token: $1, limit: limit) }
    }

    /// The first key above a key, as the server sees it; `nil` if there is none.
    ///
    /// - Throws: ``S3ResponseError`` or ``S3ClientError``.
    func firstKey(after key: ObjectKey) async throws -> ObjectKey? {
        // Two, since the answer of a server that leaves the first one out would be a page without a key.
        var walk = walk(startAfter: key, limit: min(2, pageSize))
        return try await walk.nextWithKeys()?.first?.key
    }

    /// Whether there is an object of this key, asked for without `start-after`.
    ///
    /// - Throws: ``S3ResponseError`` or ``S3ClientError``.
    func holds(_ key: ObjectKey) async throws -> Bool {
        let place = ObjectLocation(bucket: location.bucket, prefix: Array(key.bytes))
        var walk = PageSource(client: client, location: place, tally: tally, pageSize: pageSize).walk()
        return try await walk.nextWithKeys()?.contains { $0.key == key } ?? false
    }

    /// Checks that keys begin with the prefix that was asked for.
    ///
    /// - Throws: ``S3ClientError`` with the code `notS3`.
    func checkPrefix(of keys: some Sequence<ObjectKey>) throws(S3ClientError) {
        guard !location.prefix.isEmpty, let stray = keys.first(where: { !$0.bytes.starts(with: location.prefix) })
        else { return }
        throw S3ClientError(
            code: .notS3,
            message: "asked for keys that begin with '\(ObjectKey(location.prefix))', the server lists '\(stray)'"
        )
    }
}
