import Brigade
import S3Protocol
import Synchronization
import Testing

/// What a listing delivered, gathered from many tasks at once.
final class Listed: Sendable {
    struct Batch: Sendable {
        var keys: [[UInt8]]
        var bytes: Int
        var isInByteOrder: Bool
        var after: [UInt8]
        var through: [UInt8]?
    }

    private let state = Mutex<[Batch]>([])

    var batches: [Batch] { state.withLock { $0 } }

    /// Every key, in byte order.
    var keys: [[UInt8]] { batches.flatMap(\.keys).sorted { $0.lexicographicallyPrecedes($1) } }

    /// Takes a batch.
    ///
    /// - Returns: How many there are now.
    @discardableResult
    func add(_ batch: ListedBatch) -> Int {
        let kept = Batch(
            keys: batch.objects.map { Array($0.key.bytes) },
            bytes: batch.byteCount,
            isInByteOrder: batch.isInByteOrder,
            after: batch.after,
            through: batch.through
        )
        return state.withLock { batches in
            batches.append(kept)
            return batches.count
        }
    }

    /// Expects the batches to cover everything, each key in the one batch that covers it.
    func expectPartition(sourceLocation: SourceLocation = #_sourceLocation) {
        let sorted = batches.sorted { first, second in
            if first.after != second.after { return first.after.lexicographicallyPrecedes(second.after) }
            return first.through == second.after
        }
        var reached: [UInt8]? = []
        for batch in sorted {
            #expect(batch.isInByteOrder, sourceLocation: sourceLocation)
            #expect(batch.after == reached, "a gap or an overlap", sourceLocation: sourceLocation)
            reached = batch.through
            var previous = batch.after
            for key in batch.keys {
                #expect(previous.lexicographicallyPrecedes(key), sourceLocation: sourceLocation)
                previous = key
            }
            if let through = batch.through {
                #expect(!through.lexicographicallyPrecedes(previous), sourceLocation: sourceLocation)
            }
        }
        #expect(reached == nil, "the last batch reaches to the end", sourceLocation: sourceLocation)
    }
}
