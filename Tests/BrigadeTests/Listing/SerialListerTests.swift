import S3Client
import S3Protocol
import Synchronization
import Testing

@testable import Brigade

@Suite("A walk from page to page")
struct SerialListerTests {
    /// What was asked for, in order: the token, or the key to start after.
    private final class Questions: Sendable {
        private let asked = Mutex<[String]>([])
        var all: [String] { asked.withLock { $0 } }

        func add(_ startAfter: ObjectKey?, _ token: [UInt8]?) -> Int {
            asked.withLock { asked in
                asked.append(
                    token.map { String(decoding: $0, as: UTF8.self) } ?? "after \(startAfter?.description ?? "")"
                )
                return asked.count - 1
            }
        }
    }

    /// A walk through these pages, in this order.
    private func walk(_ pages: [ListPage], startAfter: ObjectKey? = nil, _ questions: Questions) -> SerialLister {
        SerialLister(startAfter: startAfter) { pages[questions.add($0, $1)] }
    }

    @Test("the first page is asked for by the key, each further one by the token of the one before")
    func tokens() async throws {
        let questions = Questions()
        let pages = [
            try TestPages.page(["b"], token: "one"), try TestPages.page(["c"], token: "two"), try TestPages.page(["d"]),
        ]
        var walk = walk(pages, startAfter: ObjectKey("a"), questions)
        #expect(walk.position == "at its first page")
        var keys: [String] = []
        while let page = try await walk.next() { keys += page.map(\.key.description) }
        #expect(keys == ["b", "c", "d"])
        #expect(questions.all == ["after a", "one", "two"])
        #expect(walk.position == "after the key 'd'")
        #expect(try await walk.next() == nil)
    }

    @Test("pages without a key are passed over by their tokens, and the last page is given without any")
    func emptyPages() async throws {
        let questions = Questions()
        let pages = [
            try TestPages.page([], token: "1"), try TestPages.page([], token: "2"),
            try TestPages.page(["a"], token: "3"),
            try TestPages.page([], token: "4"), try TestPages.page([]), try TestPages.page([]),
        ]
        var walk = walk(pages, questions)
        #expect(try await walk.nextWithKeys()?.map(\.key.description) == ["a"])
        #expect(try await walk.nextWithKeys()?.isEmpty == true)
        #expect(try await walk.nextWithKeys() == nil)
        #expect(questions.all == ["after ", "1", "2", "3", "4", "4"])
    }

    @Test("an end without a key, behind a page that said that more follows, is asked for again")
    func contradictedEnd() async throws {
        let questions = Questions()
        let pages = [
            try TestPages.page(["a"], token: "1"), try TestPages.page([]), try TestPages.page(["b"], token: "2"),
            try TestPages.page(["c"]),
        ]
        var walk = walk(pages, questions)
        var keys: [String] = []
        while let page = try await walk.next() { keys += page.map(\.key.description) }
        #expect(keys == ["a", "b", "c"])
        #expect(questions.all == ["after ", "1", "1", "2"])
    }

    @Test("a page that comes once more, with its token, is asked for again")
    func repeatedPage() async throws {
        let questions = Questions()
        let first = try TestPages.page(["a"], token: "1")
        var walk = walk([first, first, try TestPages.page(["b"])], questions)
        var keys: [String] = []
        while let page = try await walk.next() { keys += page.map(\.key.description) }
        #expect(keys == ["a", "b"])
        #expect(questions.all == ["after ", "1", "1"])
    }

    @Test("an end without a key that nothing contradicts is believed")
    func emptyBucket() async throws {
        let questions = Questions()
        var walk = walk([try TestPages.page([])], questions)
        #expect(try await walk.next()?.isEmpty == true)
        #expect(try await walk.next() == nil)
        #expect(questions.all == ["after "])
    }

    @Test("pages without a key that never end are no listing")
    func endless() async throws {
        var walk = SerialLister { _, token in
            let number = token.flatMap { Int(String(decoding: $0, as: UTF8.self)) } ?? 0
            return try TestPages.page([], token: String(number + 1))
        }
        let error = await #expect(throws: S3ClientError.self) { _ = try await walk.nextWithKeys() }
        #expect(error?.code == .notS3)
        #expect(error?.message.contains("1001 pages without a key") == true)
    }

    @Test("a page that is followed by others and does not say how to reach them is an error", arguments: [nil, "one"])
    func noToken(token: String?) async throws {
        let questions = Questions()
        let flawed = try TestPages.page(["b"], token: token, isTruncated: true)
        let pages = [try TestPages.page(["a"], token: "one"), flawed, flawed]
        var walk = walk(pages, questions)
        _ = try await walk.next()
        let error = await #expect(throws: S3ClientError.self) { _ = try await walk.next() }
        let flaw = token == nil ? "but not how to ask for them" : "with the same token as before"
        #expect(error?.message == "the server says that more keys follow, \(flaw)")
        #expect(walk.position == "after the key 'a'")
        // It may have been the page before once more.
        #expect(questions.all.count == (token == nil ? 2 : 3))
    }
}
