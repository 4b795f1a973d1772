internal import FlowControl
internal import Keyspace
internal import S3Protocol

/// A batch of objects to be copied, as a `CopyScheduler` sees it.
final class ScheduledBatch: PacedBatch {
    /// The batch.
    let items: CopyBatch

    init(_ items: CopyBatch) {
        self.items = items
    }

    var count: Int { items.count }

    var bounds: KeyBounds? { items.range.map { KeyBounds(after: $0.after, through: $0.through) } }

    func key(_ index: Int) -> ArraySlice<UInt8> { items[index].object.key.bytes }

    func size(_ index: Int) -> Int { items[index].object.size }
}
