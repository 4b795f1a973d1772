/// How far a comparison is, in objects.
public struct ComparisonCounters: Sendable, Hashable, Codable {
    /// At both places, with the same size and the same ETag.
    public var same = 0
    /// At both places, with the same size and ETags that cannot be compared, such as those of uploads in parts.
    public var sameSize = 0
    /// At both places, with different sizes or contents.
    public var different = 0
    /// Only at the source.
    public var missing = 0
    /// Only at the destination.
    public var extra = 0

    /// Nothing compared yet.
    public init() {}

    /// All objects of the source that were compared.
    public var compared: Int { same + sameSize + different + missing }

    mutating func add(_ other: ComparisonCounters) {
        same += other.same
        sameSize += other.sameSize
        different += other.different
        missing += other.missing
        extra += other.extra
    }
}
