/// A range of keys of which every object has its verdict.
public struct CompletedStretch: Sendable, Hashable {
    /// The range; keys that come into being in it later are no part of the job.
    public var range: KeyRange
    /// How many objects were listed in it: what listing it again would cost.
    public var objects: Int

    /// Creates a stretch.
    public init(_ range: KeyRange, objects: Int) {
        self.range = range
        self.objects = objects
    }
}
