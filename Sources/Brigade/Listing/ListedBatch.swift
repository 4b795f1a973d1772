internal import Keyspace
public import S3Protocol

/// A part of a listing, as one answer brought it: at most a page.
public struct ListedBatch: Sendable {
    /// The objects in the order in which the server listed them; there may be none.
    public let objects: Slice<ListPage>
    /// The sum of the objects' sizes in bytes, at most `Int.max`.
    public let byteCount: Int
    /// Whether the objects are in byte order, and are all whose keys lie above ``after``, up to and with ``through``.
    ///
    /// Then no other batch has keys of that range, and all batches of a run together cover every key there is. False on
    /// a server that lists in another order; ``after`` is empty then and ``through`` is `nil`, and neither says anything.
    public let isInByteOrder: Bool
    /// The exclusive lower bound of what the batch covers; empty at the start of the listing.
    public let after: [UInt8]
    /// The inclusive upper bound of what the batch covers; `nil` at the end of the listing.
    public let through: [UInt8]?

    /// Creates a batch.
    ///
    /// - Parameters:
    ///   - objects: The objects.
    ///   - covered: The range of which they are all; `nil` where the server does not list in byte order.
    init(_ objects: Slice<ListPage>, covering covered: KeyRange?) {
        self.objects = objects
        isInByteOrder = covered != nil
        after = covered?.after ?? []
        through = covered?.through
        // A server may claim any size; the sum of two of them need not be a number any more.
        byteCount = objects.reduce(0) { sum, object in
            let (sum, overflows) = sum.addingReportingOverflow(object.size)
            return overflows ? .max : sum
        }
    }
}
