internal import S3Protocol

/// A question to a server that tells, at the price of a small request, a listing in byte order from one that goes folder
/// by folder.
///
/// The two differ where a key stands that begins like a folder and goes on with a byte below `/`: by bytes, `a-b` comes
/// before `a/b`; a server that keeps keys as paths lists `a/b` first, since the name `a` comes before `a-b` (SeaweedFS
/// does). Its pages may be in order for long, and a range that begins between the two would lack keys without a sign.
/// So the question is what follows `a.~` where `a/b` is known to be: by bytes it is `a/b` or something before it, and
/// folder by folder all of `a` is passed over.
struct OrderProbe: Sendable, Hashable {
    /// The key to list after.
    let startAfter: ObjectKey
    /// A key that exists, above ``startAfter``.
    private let known: ObjectKey

    /// Below `/`, and above what names go on with mostly.
    private static let behindFolder = Array(".~".utf8)

    /// Creates the question that pages give rise to; `nil` if none of their keys has a `/` behind the prefix.
    init?(_ pages: [ListPage], prefix: [UInt8]) {
        // The last folder, so that a server that begins anew whatever it is asked shows itself as well.
        for object in pages.reversed().lazy.flatMap({ $0.reversed() }) {
            let key = object.key.bytes
            guard let end = key.dropFirst(prefix.count).firstIndex(of: UInt8(ascii: "/")),
                end - key.startIndex <= ObjectKey.maximumLength - Self.behindFolder.count
            else { continue }
            startAfter = ObjectKey(key[..<end] + Self.behindFolder)
            known = object.key
            return
        }
        return nil
    }

    /// Judges a server by its answer.
    ///
    /// - Parameter answer: The first key above ``startAfter``, as the server sees it; `nil` if there is none.
    /// - Returns: What the server does that keeps it from being listed in ranges; `nil` for nothing.
    func verdict(on answer: ObjectKey?) -> ListNotice? {
        guard let answer, answer <= known else { return .notInByteOrder }
        return startAfter < answer ? nil : .startAfterIgnored
    }
}
