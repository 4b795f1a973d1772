/// What the ETags of two objects say of their contents.
///
/// The ETag of an object that was written in one piece, unencrypted or with SSE-S3, is the MD5 of its content, 32
/// hexadecimal digits. That of an upload in parts (`…-N`) depends on the parts, and with SSE-KMS or SSE-C it is no digest
/// of the content (API reference, "Object"): such an ETag looks no different, and only the object's other fields tell
/// (``ObjectHead/hasOpaqueETag``).
public enum ETagComparison: Sendable, Hashable {
    /// They are the same, and so are the contents.
    case same
    /// Each looks like an MD5, and they differ: so do the contents, unless one of them is encrypted with SSE-KMS or SSE-C.
    case different
    /// One is missing or no MD5, so that nothing can be said.
    case notComparable

    /// Compares two ETags without their quotes; the case of the digits does not matter.
    public init(_ first: ArraySlice<UInt8>, _ second: ArraySlice<UInt8>) {
        if !first.isEmpty, first.span.equals(second.span) {
            self = .same
        } else if Self.looksLikeMD5(first), Self.looksLikeMD5(second) {
            let areEqual = zip(first, second).allSatisfy { $0.asciiLowercased == $1.asciiLowercased }
            self = areEqual ? .same : .different
        } else {
            self = .notComparable
        }
    }

    private static func looksLikeMD5(_ etag: ArraySlice<UInt8>) -> Bool {
        etag.count == 32
            && etag.allSatisfy { digit in
                switch digit.asciiLowercased {
                case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"): true
                default: false
                }
            }
    }
}
