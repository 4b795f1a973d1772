/// Which samples of a run its journal has, and what a commit has to change so that it has all that are kept.
///
/// A ``SampleSeries`` is thinned as it grows, and its latest sample is kept only until the next one comes; so a commit
/// takes back what is kept no more. Mostly that is one sample, and only when the series is thinned, which happens half
/// as often each time, it is all of them.
struct SampleBacklog: Sendable {
    /// What a commit does.
    struct Change: Sendable, Hashable {
        /// Samples of this time of the run and later ones, which the journal may have, are given up.
        var from: Duration
        /// What takes their place, in order.
        var samples: [MachineSample]
    }

    private var series: SampleSeries?
    private var saved: [Duration] = []

    /// Whether there is anything to commit.
    private(set) var hasChanged = false

    /// Another sample came.
    mutating func note(_ series: SampleSeries) {
        self.series = series
        hasChanged = true
    }

    /// A run begins, of which the journal has no sample.
    mutating func beginRun() {
        saved = []
    }

    /// What there is to commit; it is taken to be committed then.
    mutating func take() -> Change? {
        guard hasChanged, let samples = series?.samples else { return nil }
        hasChanged = false
        let same = zip(saved, samples).prefix { $0 == $1.elapsed }.count
        defer { saved = samples.map(\.elapsed) }
        guard same < samples.count else { return nil }
        let first = samples[same].elapsed
        return Change(from: same < saved.count ? min(saved[same], first) : first, samples: Array(samples[same...]))
    }
}
