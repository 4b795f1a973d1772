import Foundation
import Synchronization

/// A server that lists keys of ASCII letters, digits, `-`, `.` and `/` in its own way, and takes every copy for made.
public struct OddLister: Sendable {
    /// The keys, in the order in which they are listed.
    public var keys: [String]
    /// Whether a first key has to come after another, in the server's order.
    public var precedes: @Sendable (String, String) -> Bool = { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    /// The most entries of a page.
    public var pageSize = 20
    /// Whether a page has as many, even if fewer are asked for.
    public var ignoresLimit = false
    /// Whether every listing begins with the first key, unless a token says otherwise.
    public var ignoresStartAfter = false
    /// Whether a request with `start-after` is refused.
    public var refusesStartAfter = false
    /// Whether each page is preceded by one without a key.
    public var sendsEmptyPages = false
    /// Whether keys are listed that do not begin with the prefix asked for.
    public var ignoresPrefix = false
    /// Whether the first key is left out behind a key that does not exist.
    public var skipsKeyBehindMissing = false
    /// Whether each page tells its third key twice.
    public var repeatsKeys = false
    /// By how many keys each page overlaps the one whose token it was asked for with.
    public var overlap = 0
    /// Whether no page says whether more follow.
    public var omitsIsTruncated = false
    /// Which pages, counted from 1, are cut in half and say that nothing follows.
    public var falseEnds: Set<Int> = []
    /// Whether those pages hold no key at all.
    public var hasEmptyFalseEnds = false

    /// A server that lists in the order of the keys, which is by bytes.
    public init(keys: [String]) {
        self.keys = keys
    }

    /// A server that lists folder by folder.
    public static func folders(_ keys: [String]) -> OddLister {
        let precedes: @Sendable (String, String) -> Bool = { path($0).lexicographicallyPrecedes(path($1)) }
        var server = OddLister(keys: keys.sorted(by: precedes))
        server.precedes = precedes
        return server
    }

    private static func path(_ key: String) -> [String] {
        key.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    }

    /// What it does; requests are counted from when this is asked for.
    public var behaviour: StandIn.Behaviour {
        let requests = Counter()
        return .answers { head in
            let number = requests.next()
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
    }

    private final class Counter: Sendable {
        private let count = Mutex(0)

        func next() -> Int {
            count.withLock { count in
                count += 1
                return count
            }
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
        let falseSize = hasEmptyFalseEnds ? 0 : (size + 1) / 2
        let end = isEmpty ? start : min(start + (isFalseEnd ? falseSize : size), keys.count)
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
