import Brigade
import S3Protocol
import Synchronization

/// What a run told of single objects.
final class Events: Sendable {
    private struct Lists {
        var failed: [(key: ObjectKey, failure: CopyFailure)] = []
        var skipped: [(key: ObjectKey, reason: CopyVerdict.SkipReason)] = []
        var differences: [Difference] = []
        var refusedConditions = 0
    }

    private let lists = Mutex(Lists())

    var failed: [(key: ObjectKey, failure: CopyFailure)] { lists.withLock { $0.failed } }
    var skipped: [(key: ObjectKey, reason: CopyVerdict.SkipReason)] { lists.withLock { $0.skipped } }

    var differences: [Difference] { lists.withLock { $0.differences } }
    /// How often it was told that the server takes no conditions.
    var refusedConditions: Int { lists.withLock { $0.refusedConditions } }

    func add(_ event: CopyRun.Event) {
        lists.withLock { lists in
            switch event {
            case .failed(let key, _, let failure): lists.failed.append((key, failure))
            case .skipped(let key, _, let reason): lists.skipped.append((key, reason))
            case .difference(let difference): lists.differences.append(difference)
            case .conditionsRefused: lists.refusedConditions += 1
            }
        }
    }
}
