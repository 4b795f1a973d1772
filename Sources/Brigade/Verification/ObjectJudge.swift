internal import Keyspace
internal import S3Client
internal import S3Protocol

/// Says of single objects in what two places differ, and gathers what it says.
struct ObjectJudge {
    let client: S3Client
    let source: ObjectLocation
    let destination: ObjectLocation

    private(set) var counters = ComparisonCounters()
    private(set) var differences: [Difference] = []

    init(_ job: ComparisonJob, client: S3Client) {
        self.client = client
        source = job.source
        destination = job.destination
    }

    /// Forgets what was gathered.
    mutating func removeAll() {
        counters = ComparisonCounters()
        differences.removeAll(keepingCapacity: true)
    }

    /// An object is only at the source.
    mutating func addMissing(_ object: ComparedObject) {
        // The marker of the folder that is copied: at the destination, that folder is the bucket itself.
        guard !object.name.isEmpty || !destination.prefix.isEmpty || object.size > 0 else { return }
        counters.missing += 1
        differences.append(.missing(key(of: object, at: source), size: object.size))
    }

    /// An object is only at the destination.
    mutating func addExtra(_ object: ComparedObject) {
        counters.extra += 1
        differences.append(.extra(key(of: object, at: destination), size: object.size))
    }

    /// An object is at both places.
    ///
    /// Where ETags differ that look as if they told of the content, HEAD tells whether they do.
    mutating func addPair(_ first: ComparedObject, _ second: ComparedObject) async {
        guard first.size == second.size else {
            counters.different += 1
            return differences.append(
                .size(key(of: first, at: source), source: first.size, destination: second.size)
            )
        }
        switch ETagComparison(first.etag, second.etag) {
        case .same: counters.same += 1
        case .notComparable: counters.sameSize += 1
        case .different:
            if await hasOpaqueETag(second, at: destination) {
                counters.sameSize += 1
            } else if await hasOpaqueETag(first, at: source) {
                counters.sameSize += 1
            } else {
                counters.different += 1
                differences.append(.etag(key(of: first, at: source), size: first.size))
            }
        }
    }

    /// Whether an object is encrypted so that its ETag is no digest; who may not read it does not learn so.
    private func hasOpaqueETag(_ object: ComparedObject, at place: ObjectLocation) async -> Bool {
        let head = try? await client.headObject(place.bucket, key(of: object, at: place))
        return head?.hasOpaqueETag ?? false
    }

    private func key(of object: ComparedObject, at place: ObjectLocation) -> ObjectKey {
        ObjectKey(place.prefix + object.name)
    }
}
