internal import S3Protocol

/// A question to a server that tells, at the price of a small request, a server that can be listed in ranges from one
/// that cannot: what follows a key that is not there, right below one that is.
///
/// Where the first pages have a folder, the question is what follows `a.~` where `a/b` is known to be. A listing in byte
/// order and one that goes folder by folder differ where a key stands that begins like a folder and goes on with a byte
/// below `/`: by bytes, `a-b` comes before `a/b`; a server that keeps keys as paths lists `a/b` first, since the name `a`
/// comes before `a-b` (SeaweedFS does). Its pages may be in order for long, and a range that begins between the two would
/// lack keys without a sign. By bytes, `a/b` follows or something before it; folder by folder all of `a` is passed over.
///
/// With no folder, all orders are one, and the question is about the first key of a page: a server may pass it over that
/// begins behind the place where the key asked for would be.
struct OrderProbe: Sendable, Hashable {
    /// What an answer says.
    enum Verdict: Hashable {
        /// All is well.
        case fine
        /// The server lists as the notice says.
        case unsuitable(ListNotice)
        /// The server does too if ``OrderProbe/known`` still exists; it may have been deleted meanwhile.
        case unsuitableIfKnownExists(ListNotice)
    }

    /// The key to list after.
    let startAfter: ObjectKey
    /// A key that existed, above ``startAfter``.
    let known: ObjectKey
    /// What a server does that passes the known key over.
    private let flaw: ListNotice

    /// Below `/`, and above what names go on with mostly.
    private static let behindFolder = Array(".~".utf8)

    /// Creates the question that pages in byte order give rise to; `nil` without two pages that have keys.
    init?(_ pages: [ListPage], prefix: [UInt8]) {
        // The last folder, so that a server that begins anew whatever it is asked shows itself as well.
        for object in pages.reversed().lazy.flatMap({ $0.reversed() }) {
            let key = object.key.bytes
            guard let end = key.dropFirst(prefix.count).firstIndex(of: UInt8(ascii: "/")),
                end - key.startIndex <= ObjectKey.maximumLength - Self.behindFolder.count
            else { continue }
            startAfter = ObjectKey(key[..<end] + Self.behindFolder)
            known = object.key
            flaw = .notInByteOrder
            return
        }
        guard let upper = pages.last?.first?.key, let lower = pages.dropLast().last?.last?.key else { return nil }
        // Nothing lies between the two; so what does, is no key. A byte of ASCII can go without breaking UTF-8.
        let between = ObjectKey(upper.bytes.dropLast())
        startAfter = lower < between && upper.bytes.last.map { $0 < 0x80 } == true ? between : lower
        known = upper
        flaw = .startAfterIgnored
    }

    /// Judges a server by its answer.
    ///
    /// - Parameter answer: The first key above ``startAfter``, as the server sees it; `nil` if there is none.
    /// - Returns: Whether the server can be listed in ranges.
    func verdict(on answer: ObjectKey?) -> Verdict {
        guard let answer, answer <= known else { return .unsuitableIfKnownExists(flaw) }
        return startAfter < answer ? .fine : .unsuitable(.startAfterIgnored)
    }
}
