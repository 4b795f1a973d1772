import S3Client
import Synchronization

/// What a client told of, in order.
final class Notices: Sendable {
    private let list = Mutex<[S3ClientConfiguration.Notice]>([])

    var all: [S3ClientConfiguration.Notice] { list.withLock { $0 } }

    func add(_ notice: S3ClientConfiguration.Notice) {
        list.withLock { $0.append(notice) }
    }
}
