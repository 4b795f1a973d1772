internal import Keyspace
internal import S3Protocol

/// Objects to be copied, and which batch of the journal they belong to.
struct CopyBatch: RandomAccessCollection, Sendable {
    /// The objects, as they were listed together.
    let objects: Slice<ListPage>
    /// The keys of which the objects are all there are; `nil` where that is not known.
    let range: KeyRange?
    /// What ``ProgressRecorder`` knows the batch by.
    var number: Int

    /// Of a batch whose objects are tracked one by one, such as those that had failed before.
    static let retried = -1
    /// Of a batch that nobody keeps track of.
    static let untracked = 0

    init(objects: Slice<ListPage>, range: KeyRange?, number: Int) {
        self.objects = objects
        self.range = range
        self.number = number
    }

    /// A part of a listing, as it came, of which nobody keeps track.
    init(untracked batch: ListedBatch) {
        let range = batch.isInByteOrder ? KeyRange(after: batch.after, through: batch.through) : nil
        self.init(objects: batch.objects, range: range, number: Self.untracked)
    }

    /// The sum of the objects' sizes, at most `Int.max`: a server may claim any size.
    var byteCount: Int {
        objects.reduce(0) { sum, object in
            let (sum, overflows) = sum.addingReportingOverflow(object.size)
            return overflows ? .max : sum
        }
    }

    var startIndex: Int { 0 }
    var endIndex: Int { objects.count }

    subscript(index: Int) -> CopyItem {
        CopyItem(object: objects[objects.startIndex + index], batch: number, index: index)
    }
}
