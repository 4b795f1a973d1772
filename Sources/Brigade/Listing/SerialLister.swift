internal import S3Client
internal import S3Protocol

/// Walks a listing page by page, each page asked for with the token of the one before.
struct SerialLister: Sendable {
    /// Asks the server for one page, from behind a key or where a token says.
    typealias Ask = @Sendable (_ startAfter: ObjectKey?, _ token: [UInt8]?) async throws -> ListPage

    private let ask: Ask
    private let startAfter: ObjectKey?
    private var token: [UInt8]?
    private var lastKey: ObjectKey?
    private var isAtEnd = false
    private var cycle = CycleDetector()
    private var emptyPagesInARow = 0

    /// So many pages without a key that are followed by others are taken for a listing that never ends; S3 may send
    /// some, where many keys were deleted.
    private static let emptyPagesAllowed = 1000

    /// Creates a lister of all keys above a key; `nil` for all keys.
    init(startAfter: ObjectKey? = nil, ask: @escaping Ask) {
        self.startAfter = startAfter
        self.ask = ask
    }

    /// The next page; `nil` behind the last one.
    ///
    /// A page without a key that ends the listing, where the page before said that more follows, is asked for once more,
    /// as is one that leads back to itself.
    ///
    /// - Throws: ``S3ResponseError`` or ``S3ClientError``; ``position`` tells where the listing stopped. A page that
    ///   claims to be followed by another without saying how to reach it is an error, not an end.
    mutating func next() async throws -> ListPage? {
        guard !isAtEnd else { return nil }
        var page = try await ask(startAfter, token)
        if isDoubtful(page) { page = try await ask(startAfter, token) }
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
                let flaw =
                    page.nextContinuationToken == nil ? "but not how to ask for them" : "with the same token as before"
                throw S3ClientError(code: .notS3, message: "the server says that more keys follow, \(flaw)")
            }
            token = next
        } else {
            isAtEnd = true
        }
        lastKey = page.last?.key ?? lastKey
        return page
    }

    /// Whether a page contradicts the one before, which said that more follows behind it.
    ///
    /// One of the two is wrong, or what followed was deleted meanwhile. A server that sends a page once more sends its
    /// token with it, by which this one was asked for.
    private func isDoubtful(_ page: ListPage) -> Bool {
        guard let token else { return false }
        return page.isTruncated ? page.nextContinuationToken == token : page.isEmpty
    }

    /// The next page that holds a key or is the last one; `nil` behind the last one.
    ///
    /// - Throws: As ``next()`` does.
    mutating func nextWithKeys() async throws -> ListPage? {
        while let page = try await next() {
            if !page.isEmpty || !page.isTruncated { return page }
        }
        return nil
    }

    /// Where the listing stands, for messages.
    var position: String { lastKey.map { "after the key '\($0)'" } ?? "at its first page" }
}
