import NIOHTTP1

/// The conditions that a request sets on an object.
struct Conditions: Sendable {
    private let ifMatch: String?
    private let ifNoneMatch: String?
    private let ifModifiedSince: Timestamp?
    private let ifUnmodifiedSince: Timestamp?

    /// The headers of conditions on the source of a copy.
    static let copySourceNames = ["if-match", "if-none-match", "if-modified-since", "if-unmodified-since"]
        .map { "x-amz-copy-source-" + $0 }

    /// Conditions on the object that is read or replaced.
    init(_ headers: HTTPHeaders) {
        ifMatch = headers.first(name: "If-Match")
        ifNoneMatch = headers.first(name: "If-None-Match")
        ifModifiedSince = headers.first(name: "If-Modified-Since").flatMap { Timestamp(http: $0) }
        ifUnmodifiedSince = headers.first(name: "If-Unmodified-Since").flatMap { Timestamp(http: $0) }
    }

    /// Conditions on the source of a copy.
    init(copySource headers: HTTPHeaders) {
        let names = Self.copySourceNames
        ifMatch = headers.first(name: names[0])
        ifNoneMatch = headers.first(name: names[1])
        ifModifiedSince = headers.first(name: names[2]).flatMap { Timestamp(http: $0) }
        ifUnmodifiedSince = headers.first(name: names[3]).flatMap { Timestamp(http: $0) }
    }

    /// Checks an object that is read, in the order of RFC 9110, 13.2.2: a condition on the entity tag makes the one
    /// on the time of no account.
    ///
    /// - Throws: `PreconditionFailed`, or what says that the reader has the object already.
    func checkRead(_ record: ObjectRecord, unchanged: S3Error = .notModified) throws(S3Error) {
        if let ifMatch {
            guard Self.matches(ifMatch, record) else { throw .preconditionFailed("If-Match") }
        } else if let ifUnmodifiedSince, record.lastModified > ifUnmodifiedSince {
            throw .preconditionFailed("If-Unmodified-Since")
        }
        if let ifNoneMatch {
            if Self.matches(ifNoneMatch, record) { throw unchanged }
        } else if let ifModifiedSince, record.lastModified <= ifModifiedSince {
            throw unchanged
        }
    }

    /// Checks the source of a copy, where 304 has no meaning.
    ///
    /// - Throws: `PreconditionFailed`.
    func checkCopySource(_ record: ObjectRecord) throws(S3Error) {
        try checkRead(record, unchanged: .preconditionFailed("x-amz-copy-source-If-None-Match"))
    }

    /// Checks what an object is to replace.
    ///
    /// - Throws: `PreconditionFailed`; `NoSuchKey` when one must be there that isn't; `NotImplemented` for
    ///   `If-None-Match` with anything but `*`, as S3.
    func checkWrite(_ existing: ObjectRecord?, key: ObjectKey) throws(S3Error) {
        if let ifNoneMatch {
            guard ifNoneMatch == "*" else { throw .notImplemented("If-None-Match") }
            if existing != nil { throw .preconditionFailed("If-None-Match") }
        }
        if let ifMatch {
            guard let existing else { throw .noSuchKey(key) }
            guard Self.matches(ifMatch, existing) else { throw .preconditionFailed("If-Match") }
        }
    }

    private static func matches(_ list: String, _ record: ObjectRecord) -> Bool {
        list.split(separator: ",").contains { item in
            var tag = item.trimmingSpaces()
            if tag == "*" { return true }
            if tag.hasPrefix("W/") { tag = tag.dropFirst(2) }
            if tag.count >= 2, tag.first == "\"", tag.last == "\"" { tag = tag.dropFirst().dropLast() }
            return tag == record.content.entityTag
        }
    }
}
