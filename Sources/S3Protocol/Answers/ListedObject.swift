/// An object as a listing tells of it.
///
/// It refers to its page and keeps it alive.
public struct ListedObject: Sendable {
    let page: ListPage
    let index: Int

    /// The object's key.
    public var key: ObjectKey {
        let range = page.entries[index].key
        return ObjectKey(page.storage[Int(range.lowerBound)..<Int(range.upperBound)])
    }

    /// The object's ETag without its quotes; empty if the server gave none.
    public var etag: ArraySlice<UInt8> {
        let range = page.entries[index].etag
        return page.storage[Int(range.lowerBound)..<Int(range.upperBound)]
    }

    /// The object's size in bytes.
    public var size: Int { page.entries[index].size }

    /// When the object was written; `nil` if the server did not say or not in S3's form.
    public var lastModified: UTCTime? { page.entries[index].lastModified }

    /// The object's storage class; `nil` if the server did not say.
    public var storageClass: StorageClass? { page.entries[index].storageClass.map { page.storageClasses[Int($0)] } }
}
