/// A storage class by its name in the API; servers of other makers have classes of their own.
public struct StorageClass: Sendable, Hashable, CustomStringConvertible {
    /// The class that objects are in when none is asked for.
    public static let standard = StorageClass("STANDARD")

    /// The name, such as `STANDARD` or `GLACIER`.
    public let description: String

    /// Creates a class from its name.
    public init(_ name: String) {
        description = name
    }
}
