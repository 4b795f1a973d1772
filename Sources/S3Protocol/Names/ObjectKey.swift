/// The name of an object in a bucket: 1 to 1,024 bytes of UTF-8, compared byte by byte.
///
/// A key is bytes, never text: it is not normalised, `//` is not collapsed, a leading or trailing `/` stays. The order
/// is that of the bytes, in which general-purpose buckets are listed (Amazon S3 User Guide, "Listing object keys
/// programmatically"); Swift's `String` compares in another.
///
/// A key taken from a ``ListPage`` shares the page's memory, and so keeps the page alive.
public struct ObjectKey: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The longest key that S3 accepts, in bytes.
    public static let maximumLength = 1024

    /// The key's bytes.
    public let bytes: ArraySlice<UInt8>

    /// Creates a key from its bytes, which are taken as they are.
    public init(_ bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
    }

    /// Creates a key from its bytes, which are taken as they are.
    public init(_ bytes: [UInt8]) {
        self.bytes = bytes[...]
    }

    /// Creates a key from the UTF-8 bytes of a text.
    public init(_ text: String) {
        self.bytes = Array(text.utf8)[...]
    }

    /// Whether the left key stands before the right one in a listing.
    public static func < (left: ObjectKey, right: ObjectKey) -> Bool {
        left.bytes.span.precedes(right.bytes.span)
    }

    /// The key as text to show: bytes that are not UTF-8 become U+FFFD, so it is not for comparing.
    public var description: String { String(decoding: bytes, as: UTF8.self) }
}
