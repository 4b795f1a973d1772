internal import Keyspace
internal import S3Protocol

/// What is to be listed, and with how much effort.
public struct ListJob: Sendable {
    /// The bucket, and what the keys begin with.
    public var source: ObjectLocation
    /// Pages asked for at once: 1 to 1,024, by default 64.
    ///
    /// With one, the listing is serial and goes on by the server's own tokens, in whatever order the server lists: that
    /// works on any server. With more, each fetcher walks a range of keys by `start-after`; a small bucket costs no more
    /// requests for it. Each fetcher takes a connection, and holds one page at most.
    public var fetchers = 64
    /// Keys to cut the listing at from the beginning, in any order, such as a sample of the keys that exist.
    ///
    /// They need not exist, and those that do not begin with the source's prefix are passed over. None, the default, is
    /// fine: the listing finds out by itself where to cut.
    public var splitPoints: [[UInt8]] = []
    /// Keys that each page is asked to hold at most: 1 to 1,000, which is S3's limit (API reference, ListObjectsV2) and
    /// the default.
    public var pageSize = 1000
    /// Whether a server that does not list in byte order ends the run; by default it is listed serially instead.
    public var requiresByteOrder = false
    /// What to list of it, in ascending order; `nil` for everything.
    ///
    /// There is at least one range, and the server is one that was seen to list in byte order.
    var ranges: [KeyRange]?

    /// Creates a job of the defaults.
    public init(_ source: ObjectLocation) {
        self.source = source
    }

    /// Checks what can be checked before anything is sent.
    ///
    /// - Throws: ``BrigadeError`` with the code `invalidJob`.
    public func validate() throws(BrigadeError) {
        guard (1...1000).contains(pageSize) else {
            throw BrigadeError(code: .invalidJob, message: "a page holds 1 to 1000 keys, not \(pageSize)")
        }
        guard (1...1024).contains(fetchers) else {
            throw BrigadeError(code: .invalidJob, message: "the number of fetchers is 1 to 1024, not \(fetchers)")
        }
    }
}
