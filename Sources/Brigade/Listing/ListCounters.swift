/// How far a listing is, and what it has cost.
public struct ListCounters: Sendable, Hashable {
    /// The objects listed.
    public internal(set) var objects = 0
    /// The sum of their sizes in bytes, at most `Int.max`.
    public internal(set) var bytes = 0
    /// Pages that arrived whole.
    public internal(set) var pages = 0
    /// Pages asked for; repetitions after a failure are not counted.
    public internal(set) var requests = 0
    /// Objects that a page brought beyond the range asked for; another page brought them again, and only that one
    /// counted.
    public internal(set) var objectsBeyond = 0
    /// Objects that the server told a second time right behind the first, and that were left out then.
    public internal(set) var objectsRepeated = 0

    /// Nothing listed yet.
    public init() {}

    /// The fewest requests that list as many objects: a page holds 1,000 (API reference, ListObjectsV2), and an empty
    /// bucket takes one too.
    public var leastRequests: Int { max(1, (objects + 999) / 1000) }

    /// ``leastRequests`` as a part of ``requests``: 1 is the best on a server whose pages hold 1,000; 0 before the first
    /// request.
    public var efficiency: Double { requests > 0 ? Double(leastRequests) / Double(requests) : 0 }

    mutating func count(_ batch: ListedBatch) {
        objects += batch.objects.count
        let (sum, overflows) = bytes.addingReportingOverflow(batch.byteCount)
        bytes = overflows ? .max : sum
    }
}
