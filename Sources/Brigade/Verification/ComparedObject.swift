internal import Keyspace
internal import S3Protocol

/// An object as a comparison sees it.
struct ComparedObject: NamedEntry {
    /// The key without its side's prefix.
    let name: ArraySlice<UInt8>
    /// In bytes.
    let size: Int
    /// Without its quotes; empty if the server gave none.
    let etag: ArraySlice<UInt8>

    init(name: ArraySlice<UInt8>, size: Int, etag: ArraySlice<UInt8>) {
        (self.name, self.size, self.etag) = (name, size, etag)
    }

    /// Takes a listed object, whose key begins with a prefix of so many bytes; it keeps the object's page alive.
    init(_ object: ListedObject, prefixLength: Int) {
        self.init(name: object.key.bytes.dropFirst(prefixLength), size: object.size, etag: object.etag)
    }
}
