/// Samples over the whole of a job, however long it is, in bounded memory.
///
/// When there is no more room, every second sample is given up, and from then on only every second one of those that
/// come is kept; so their distance doubles each time, and they always reach from the beginning to the end.
public struct SampleSeries: Sendable, Hashable {
    /// How many samples are kept at most.
    public let capacity: Int
    /// One sample in so many is kept: a power of two.
    public private(set) var stride = 1
    /// Samples that were added, kept or not.
    public private(set) var added = 0
    /// The highest and lowest figures of all samples that were added.
    public private(set) var peaks = SamplePeaks()
    /// The sample that was added last; `nil` before the first.
    public private(set) var latest: MachineSample?

    private var kept: [MachineSample] = []

    /// An empty series.
    ///
    /// - Parameter capacity: How many samples to keep at most, at least 2; by default 600, ten minutes at one a second.
    public init(capacity: Int = 600) {
        precondition(capacity >= 2, "a series has a beginning and an end")
        self.capacity = capacity
    }

    /// Adds the next sample.
    public mutating func add(_ sample: MachineSample) {
        defer { added += 1 }
        peaks.add(sample)
        latest = sample
        guard added.isMultiple(of: stride) else { return }
        if kept.count == capacity {
            kept = kept.enumerated().filter { $0.offset.isMultiple(of: 2) }.map(\.element)
            stride *= 2
            guard added.isMultiple(of: stride) else { return }
        }
        kept.append(sample)
    }

    /// The samples in the order in which they came, the first and the latest among them.
    public var samples: [MachineSample] {
        guard let latest, kept.last != latest else { return kept }
        return kept + [latest]
    }
}
