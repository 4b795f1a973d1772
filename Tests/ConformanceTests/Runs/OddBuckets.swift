import FlowControl
import Foundation
import S3Client
import S3Protocol
import ServerTestSupport
import Synchronization

/// A server with the buckets `source` and `destination`, whose keys are of ASCII letters, digits, `-`, `.` and `/`: what
/// its listings are like, and what goes wrong, can be changed at any time.
final class OddBuckets: Sendable {
    /// The order of a bucket's listing.
    enum Order: CaseIterable {
        case bytes, folders

        func precedes(_ first: String, _ second: String) -> Bool {
            switch self {
            case .bytes: first.utf8.lexicographicallyPrecedes(second.utf8)
            case .folders: Self.path(first).lexicographicallyPrecedes(Self.path(second))
            }
        }

        private static func path(_ key: String) -> [String] {
            key.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        }
    }

    /// What there is, and how it is told of.
    struct State {
        var source: Set<String> = []
        var destination: Set<String> = []
        var sourceOrder = Order.bytes
        var destinationOrder = Order.bytes
        /// The most keys of a page.
        var pageSize = 20
        /// Whether each page is preceded by one without a key that says more follow.
        var sendsEmptyPages = false
        /// Whether nothing but an error is answered.
        var isDown = false
        /// Keys that may not be copied.
        var denied: Set<String> = []
        /// Keys of which a copy is never answered.
        var unanswered: Set<String> = []
        /// Keys of which a copy is answered as made, and not kept.
        var lost: Set<String> = []
        /// How often each key was copied.
        var copies: [String: Int] = [:]
        /// The listings that were asked for, in all.
        var pages = 0

        fileprivate var listings: [String: [String]] = [:]
    }

    private let state: Mutex<State>

    init(_ source: some Sequence<String>, _ change: (inout State) -> Void = { _ in }) {
        var state = State()
        state.source = Set(source)
        change(&state)
        self.state = Mutex(state)
    }

    /// What there is by now.
    var now: State { state.withLock { $0 } }

    /// Changes what there is.
    func change(_ body: (inout State) -> Void) {
        state.withLock { state in
            body(&state)
            state.listings = [:]
        }
    }

    /// Does something with a client of the server, which makes three attempts at everything.
    func run(closes: Bool = false, _ body: (S3Client) async throws -> Void) async throws {
        let behaviour = StandIn.Behaviour.answers { [self] head in answer(to: head) }
        try await StandIn.run(behaviour, closes: closes) { port in
            var configuration = S3ClientConfiguration()
            configuration.endpoint = try Endpoint(url: "http://127.0.0.1:\(port)")
            configuration.retry.maximumAttempts = 3
            configuration.retry.transientDelay = .milliseconds(5)
            try await withNewClient(configuration, body)
        }
    }

    // MARK: Answers

    private static let etag = String(repeating: "a", count: 32)

    private func answer(to head: String) -> [UInt8] {
        let target = Target(head)
        return state.withLock { state in
            guard !state.isDown else { return Self.xml("404 Not Found", "<Error><Code>NoSuchBucket</Code></Error>") }
            switch target.method {
            case "GET":
                state.pages += 1
                return Self.xml("200 OK", page(of: target, &state))
            case "HEAD":
                let keys = target.bucket == "source" ? state.source : state.destination
                let text =
                    keys.contains(target.key)
                    ? "HTTP/1.1 200 OK\r\ncontent-length: 1\r\netag: \"\(Self.etag)\"\r\n\r\n"
                    : "HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n"
                return Array(text.utf8)
            default:
                let key = target.copySource
                if state.unanswered.contains(key) { return [] }
                if state.denied.contains(key) {
                    return Self.xml("403 Forbidden", "<Error><Code>AccessDenied</Code></Error>")
                }
                guard state.source.contains(key) else {
                    return Self.xml("404 Not Found", "<Error><Code>NoSuchKey</Code></Error>")
                }
                state.copies[key, default: 0] += 1
                if !state.lost.contains(key), state.destination.insert(target.key).inserted {
                    state.listings["destination"] = nil
                }
                return Self.xml("200 OK", "<CopyObjectResult><ETag>\"\(Self.etag)\"</ETag></CopyObjectResult>")
            }
        }
    }

    private func page(of target: Target, _ state: inout State) -> String {
        let order = target.bucket == "source" ? state.sourceOrder : state.destinationOrder
        let all =
            state.listings[target.bucket]
            ?? (target.bucket == "source" ? state.source : state.destination).sorted(by: order.precedes)
        state.listings[target.bucket] = all
        let prefix = target.query["prefix"] ?? ""
        let keys = prefix.isEmpty ? all : all.filter { $0.hasPrefix(prefix) }
        var start = 0
        if let after = target.query["start-after"], !after.isEmpty {
            start = keys.firstIndex { order.precedes(after, $0) } ?? keys.endIndex
        }
        var isEmpty = state.sendsEmptyPages
        if let token = target.query["continuation-token"], let number = Int(token.dropFirst()) {
            start = min(number, keys.endIndex)
            if token.first == "e" { isEmpty = false }
        }
        let limit = min(state.pageSize, target.query["max-keys"].flatMap { Int($0) } ?? .max)
        let end = isEmpty ? start : min(start + limit, keys.count)
        let isTruncated = end < keys.count || isEmpty
        let contents = keys[start..<end].map {
            "<Contents><Key>\($0)</Key><Size>1</Size><ETag>\"\(Self.etag)\"</ETag></Contents>"
        }
        let token = isTruncated ? "<NextContinuationToken>\(isEmpty ? "e" : "k")\(end)</NextContinuationToken>" : ""
        return "<ListBucketResult><IsTruncated>\(isTruncated)</IsTruncated>\(token)\(contents.joined())"
            + "</ListBucketResult>"
    }

    private static func xml(_ status: String, _ body: String) -> [UInt8] {
        StandIn.answer(status, type: "application/xml", body: body)
    }

    /// What a request is about.
    private struct Target {
        var method: String
        var bucket: String
        var key: String
        var query: [String: String]
        /// The key of the source, of a copy.
        var copySource: String

        init(_ head: String) {
            let lines = head.split(separator: "\r\n")
            let words = lines[0].split(separator: " ")
            method = String(words[0])
            let parts = words[1].split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
            (bucket, key) = Self.place(parts[0])
            let pairs = (parts.count > 1 ? parts[1] : "").split(separator: "&").map { pair in
                let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
                return (parts[0], parts.count > 1 ? parts[1].removingPercentEncoding ?? parts[1] : "")
            }
            query = Dictionary(pairs) { $1 }
            let name = "x-amz-copy-source:"
            let source = lines.first { $0.lowercased().hasPrefix(name) }
            copySource = source.map { Self.place($0.dropFirst(name.count).drop { $0 == " " }).key } ?? ""
        }

        private static func place(_ path: Substring) -> (bucket: String, key: String) {
            let text = String(path).removingPercentEncoding ?? String(path)
            let parts = text.drop { $0 == "/" }.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
            return (String(parts[0]), parts.count > 1 ? String(parts[1]) : "")
        }
    }
}
