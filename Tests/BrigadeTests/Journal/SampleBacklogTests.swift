import Testing

@testable import Brigade

@Suite("Samples on their way into the journal")
struct SampleBacklogTests {
    /// What a journal has that does as it is told.
    private func apply(_ change: SampleBacklog.Change, to stored: inout [Int: MachineSample]) {
        func milliseconds(_ time: Duration) -> Int { Int(time / .milliseconds(1)) }
        stored = stored.filter { $0.key < milliseconds(change.from) }
        for sample in change.samples { stored[milliseconds(sample.elapsed)] = sample }
    }

    private func second(_ number: Int) -> MachineSample { MachineSample(elapsed: .seconds(number)) }

    @Test("the journal has what the series keeps, however often it is committed", arguments: [1, 2, 3, 7, 50])
    func agrees(period: Int) {
        var series = SampleSeries(capacity: 6)
        var backlog = SampleBacklog()
        var stored: [Int: MachineSample] = [:]
        for number in 0..<200 {
            series.add(second(number))
            backlog.note(series)
            guard number % period == 0 else { continue }
            #expect(backlog.hasChanged)
            if let change = backlog.take() { apply(change, to: &stored) }
            #expect(stored.keys.sorted().compactMap { stored[$0] } == series.samples)
            #expect(stored.count <= 7)
            #expect(!backlog.hasChanged && backlog.take() == nil)
        }
    }

    @Test("a commit writes what is new, and all of it only where the series is thinned")
    func size() {
        var series = SampleSeries(capacity: 64)
        var backlog = SampleBacklog()
        var written = 0
        for number in 0..<1024 {
            series.add(second(number))
            backlog.note(series)
            written += backlog.take()?.samples.count ?? 0
        }
        #expect(series.stride == 16)
        // The first 64 one by one, then the latest each time; and half a series for each time that it was thinned.
        #expect((1024...1024 + 4 * 64).contains(written), "\(written)")
    }

    @Test("a run that begins has none of the last one's")
    func runs() {
        var series = SampleSeries()
        var backlog = SampleBacklog()
        #expect(!backlog.hasChanged && backlog.take() == nil)
        series.add(second(0))
        backlog.note(series)
        // The first sample is taken before the run begins.
        backlog.beginRun()
        #expect(backlog.take() == SampleBacklog.Change(from: .zero, samples: [second(0)]))
        series.add(second(1))
        backlog.note(series)
        backlog.beginRun()
        #expect(backlog.take()?.samples.count == 2)
    }
}
