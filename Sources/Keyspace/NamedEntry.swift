/// Something that has a place in a listing.
public protocol NamedEntry: Sendable {
    /// What the place follows from: raw bytes, in the order in which S3 lists them.
    var name: ArraySlice<UInt8> { get }
}
