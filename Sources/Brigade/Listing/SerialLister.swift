internal import S3Client
internal import S3Protocol

/// Walks a bucket's listing page by page, each page asked for with the token of the one before.
struct SerialLister {
    private let client: S3Client
    private let location: ObjectLocation
    private let stopSignal: StopSignal
    private var token: [UInt8]?
    private var lastKey: ObjectKey?
    private var isAtEnd = false
    private var cycle = CycleDetector()
    private var emptyPagesInARow = 0

    /// So many pages without a key that are followed by others are taken for a listing that never ends; S3 may send
    /// some, where many keys were deleted.
    private static let emptyPagesAllowed = 1000

    init(client: S3Client, location: ObjectLocation, stopSignal: StopSignal) {
        self.client = client
        self.location = location
        self.stopSignal = stopSignal
    }

    /// The next page; `nil` behind the last one.
    ///
    /// - Throws: ``S3ResponseError`` or ``S3ClientError``; ``position`` tells where the listing stopped. A page that
    ///   claims to be followed by another without saying how to reach it is an error, not an end.
    mutating func next() async throws -> ListPage? {
        guard !isAtEnd else { return nil }
        let page = try await stopSignal.cutShort { [client, location, token] in
            try await client.listObjects(location.bucket, prefix: location.prefix, continuationToken: token)
        }
        if let first = page.first?.key, cycle.sees(first) {
            throw S3ClientError(
                code: .notS3,
                message: "the server lists in a circle: a page begins with '\(first)', as an earlier one did"
            )
        }
        emptyPagesInARow = page.isEmpty ? emptyPagesInARow + 1 : 0
        guard emptyPagesInARow <= Self.emptyPagesAllowed else {
            throw S3ClientError(
                code: .notS3,
                message: "the server sent \(emptyPagesInARow) pages without a key, and says that more follow"
            )
        }
        if page.isTruncated {
            guard let next = page.nextContinuationToken, next != token else {
                throw S3ClientError(
                    code: .notS3,
                    message: "the server says that more keys follow, but not how to ask for them"
                )
            }
            token = next
        } else {
            isAtEnd = true
        }
        lastKey = page.last?.key ?? lastKey
        return page
    }

    /// Where the listing stands, for messages.
    var position: String { lastKey.map { "after the key '\($0)'" } ?? "at its first page" }
}
