import S3Protocol
import Testing

/// Expects a server to refuse a request with a code of S3's.
func expect(
    _ code: String,
    from operation: S3Operation,
    sourceLocation: SourceLocation = #_sourceLocation,
    _ request: () async throws -> Void
) async {
    let error = await #expect(throws: S3ResponseError.self, sourceLocation: sourceLocation) { try await request() }
    guard let error else { return }
    #expect(error.code == code, sourceLocation: sourceLocation)
    #expect(error.operation == operation, sourceLocation: sourceLocation)
}

extension Stage {
    /// Expects a copy to have what is kept with its source, and nothing else but what the server is known to add.
    func expectCopied(_ copy: ObjectHead, from source: ObjectHead, sourceLocation: SourceLocation = #_sourceLocation) {
        let (copied, original) = (ConformanceCase.stored(copy), ConformanceCase.stored(source))
        let kept = copied.filter { original[$0.key] != nil || !quirks.addedToCopies.contains($0.key) }
        #expect(kept == original, sourceLocation: sourceLocation)
        #expect(quirks.addedToCopies.isSubset(of: copied.keys), sourceLocation: sourceLocation)
    }

    /// Keys in the order in which the server lists them.
    func listingOrder(_ keys: [ObjectKey]) -> [ObjectKey] {
        guard quirks.listsByFolder else { return keys.sorted() }
        func parts(_ key: ObjectKey) -> [UInt8] { key.bytes.map { $0 == UInt8(ascii: "/") ? 0 : $0 } }
        return keys.sorted { parts($0).lexicographicallyPrecedes(parts($1)) }
    }
}

extension String {
    /// The text of bytes that a server sent.
    init(_ bytes: some Sequence<UInt8>) {
        self.init(decoding: Array(bytes), as: UTF8.self)
    }
}
