import Foundation
import S3Client
import S3Protocol
import ServerTestSupport
import Synchronization

/// A server that lists keys of ASCII letters, digits, `-`, `.` and `/` in its own way, and takes every copy for made.
struct OddLister: Sendable {
    /// The keys, in the order in which they are listed.
    var keys: [String]
    /// Whether a first key has to come after another, in the server's order.
    var precedes: @Sendable (String, String) -> Bool = { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    /// The most entries of a page.
    var pageSize = 20
    /// Whether a page has as many, even if fewer are asked for.
    var ignoresLimit = false
    /// Whether every listing begins with the first key, unless a token says otherwise.
    var ignoresStartAfter = false
    /// Whether a request with `start-after` is refused.
    var refusesStartAfter = false
    /// Whether each page is preceded by one without a key.
    var sendsEmptyPages = false
    /// Whether keys are listed that do not begin with the prefix asked for.
    var ignoresPrefix = false
    /// Whether the first key is left out behind a key that does not exist.
    var skipsKeyBehindMissing = false
    /// Whether each page tells its third key twice.
    var repeatsKeys = false
    /// By how many keys each page overlaps the one whose token it was asked for with.
    var overlap = 0
    /// Whether no page says whether more follow.
    var omitsIsTruncated = false
    /// Which pages, counted from 1, are cut in half and say that nothing follows.
    var falseEnds: Set<Int> = []

    /// A server that lists folder by folder.
    static func folders(_ keys: [String]) -> OddLister {
        let precedes: @Sendable (String, String) -> Bool = { path($0).lexicographicallyPrecedes(path($1)) }
        return OddLister(keys: keys.sorted(by: precedes), precedes: precedes)
    }

    private static func path(_ key: String) -> [String] {
        key.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    }

    /// Does something with a client of the server.
    func run(_ body: (S3Client) async throws -> Void) async throws {
        let requests = Mutex(0)
        let behaviour = StandIn.Behaviour.answers { head in
            let number = requests.withLock { requests in
                requests += 1
                return requests
            }
            if head.hasPrefix("PUT ") {
                let copied = "<CopyObjectResult><ETag>\"0\"</ETag></CopyObjectResult>"
                return StandIn.answer("200 OK", type: "application/xml", body: copied)
            }
            if refusesStartAfter, head.contains("start-after=") {
                let refusal = "<Error><Code>NotImplemented</Code></Error>"
                return StandIn.answer("501 Not Implemented", type: "application/xml", body: refusal)
            }
            return StandIn.answer("200 OK", type: "application/xml", body: page(for: head, number: number))
        }
        try await StandIn.run(behaviour) { port in
            var configuration = S3ClientConfiguration()
            configuration.endpoint = try Endpoint(url: "http://127.0.0.1:\(port)")
            try await withNewClient(configuration, body)
        }
    }

    private func page(for head: String, number: Int) -> String {
        let query = Self.query(of: head)
        let prefix = query["prefix"] ?? ""
        let keys = ignoresPrefix || prefix.isEmpty ? keys : keys.filter { $0.hasPrefix(prefix) }
        var start = keys.startIndex
        if let after = query["start-after"], !ignoresStartAfter {
            start = keys.firstIndex { precedes(after, $0) } ?? keys.endIndex
            if skipsKeyBehindMissing, !keys.contains(after) { start = min(start + 1, keys.endIndex) }
        }
        var isEmpty = sendsEmptyPages
        if let token = query["continuation-token"], let number = Int(token.dropFirst()) {
            start = token.first == "e" ? number : max(0, number - overlap)
            if token.first == "e" { isEmpty = false }
        }
        let size = ignoresLimit ? pageSize : min(pageSize, query["max-keys"].flatMap { Int($0) } ?? .max)
        let isFalseEnd = falseEnds.contains(number)
        let end = isEmpty ? start : min(start + (isFalseEnd ? (size + 1) / 2 : size), keys.count)
        var listed = Array(keys[start..<end])
        if repeatsKeys, listed.count > 2 { listed.insert(listed[2], at: 2) }
        let contents = listed.map { "<Contents><Key>\($0)</Key><Size>2</Size></Contents>" }.joined()
        let token = isEmpty ? "e\(start)" : "k\(end)"
        if omitsIsTruncated { return "<ListBucketResult>\(contents)</ListBucketResult>" }
        guard end < keys.count, !isFalseEnd else {
            return "<ListBucketResult><IsTruncated>false</IsTruncated>\(contents)</ListBucketResult>"
        }
        return "<ListBucketResult><IsTruncated>true</IsTruncated>"
            + "<NextContinuationToken>\(token)</NextContinuationToken>\(contents)</ListBucketResult>"
    }

    private static func query(of head: String) -> [String: String] {
        let target = head.prefix { $0 != "\r\n" }.split(separator: " ")[1]
        let pairs = String(target).drop { $0 != "?" }.dropFirst().split(separator: "&").map { pair in
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            return (parts[0], parts[1].removingPercentEncoding ?? parts[1])
        }
        return Dictionary(pairs) { $1 }
    }
}
