internal import FlowControl
internal import S3Protocol

/// A batch of a listing, as a `CopyScheduler` sees it.
final class ScheduledBatch: PacedBatch {
    /// The batch.
    let listed: ListedBatch

    init(_ listed: ListedBatch) {
        self.listed = listed
    }

    var count: Int { listed.objects.count }

    var bounds: KeyBounds? {
        listed.isInByteOrder ? KeyBounds(after: listed.after, through: listed.through) : nil
    }

    func object(_ index: Int) -> ListedObject { listed.objects[listed.objects.startIndex + index] }

    func key(_ index: Int) -> ArraySlice<UInt8> { object(index).key.bytes }

    func size(_ index: Int) -> Int { object(index).size }
}
