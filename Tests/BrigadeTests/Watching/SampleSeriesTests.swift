import Foundation
import Machine
import Testing

@testable import Brigade

@Suite("Samples of a job")
struct SampleSeriesTests {
    private func sample(_ second: Int) -> MachineSample {
        var sample = MachineSample(elapsed: .seconds(second))
        sample.descriptors = second
        return sample
    }

    @Test("up to its capacity a series keeps every sample")
    func small() {
        var series = SampleSeries(capacity: 4)
        #expect(series.samples.isEmpty && series.latest == nil)
        for second in 0..<4 { series.add(sample(second)) }
        #expect(series.samples.map(\.elapsed) == (0..<4).map { .seconds($0) })
        #expect(series.stride == 1 && series.added == 4)
    }

    @Test("beyond, it is thinned evenly, and reaches from the first sample to the last", arguments: 5...200)
    func thinned(count: Int) {
        var series = SampleSeries(capacity: 4)
        for second in 0..<count {
            series.add(sample(second))
            #expect(series.samples.count <= 5)
        }
        let seconds = series.samples.map { Int($0.elapsed.components.seconds) }
        #expect(seconds.first == 0 && seconds.last == count - 1)
        #expect(series.added == count)
        #expect(series.stride.nonzeroBitCount == 1 && series.stride > 1)
        let regular = seconds.dropLast(seconds.last?.isMultiple(of: series.stride) == true ? 0 : 1)
        #expect(regular.elementsEqual(stride(from: 0, through: count - 1, by: series.stride)))
        #expect(regular.count > 2)
        #expect(series.peaks.descriptors == count - 1)
    }

    @Test("peaks are those of every sample, kept or not; what no sample knew is not known")
    func peaks() {
        var peaks = SamplePeaks()
        peaks.add(MachineSample(elapsed: .zero))
        #expect(peaks == SamplePeaks())
        for (descriptors, ports, sockets) in [(5, 100, 3), (50, 7, 40), (20, 30, 12)] {
            var sample = MachineSample(elapsed: .zero)
            sample.descriptors = descriptors
            sample.portsLeft = ports
            sample.sockets = ["established": sockets, "time-wait": 1]
            sample.resident = ByteCount(bytes: UInt64(descriptors) << 20)
            sample.requestsPerSecond = Double(sockets)
            peaks.add(sample)
        }
        peaks.add(MachineSample(elapsed: .zero))
        #expect(peaks.descriptors == 50 && peaks.lowestPortsLeft == 7 && peaks.sockets == 41)
        #expect(peaks.resident == ByteCount(bytes: 50 << 20) && peaks.requestsPerSecond == 40)
    }

    @Test("a sample's JSON has seconds and bytes, leaves out what is not known, and is read again")
    func json() throws {
        var sample = MachineSample(elapsed: .milliseconds(1500))
        sample.sockets = ["established": 3]
        sample.processorTime = .milliseconds(250)
        sample.resident = ByteCount(bytes: 4096)
        sample.requests = 7
        sample.requestsPerSecond = 4.5
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let data = try encoder.encode(sample)
        #expect(
            String(decoding: data, as: UTF8.self)
                == #"{"connectionsClosed":0,"connectionsOpen":0,"connectionsOpened":0,"connectionsReused":0,"#
                + #""processorSeconds":0.25,"requests":7,"requestsPerSecond":4.5,"residentBytes":4096,"seconds":1.5,"#
                + #""sockets":{"established":3}}"#
        )
        let read = try JSONDecoder().decode(MachineSample.self, from: data)
        #expect(read == sample)
        #expect(read.timeWait == 0 && read.socketCount == 3 && read.descriptors == nil)
        #expect(MachineSample(elapsed: .zero).timeWait == nil)
    }

    @Test(
        "watching takes a quarter of a percent of a processor at most, and samples once a minute at least",
        arguments: [
            (.zero, .seconds(1)), (.milliseconds(2), .seconds(1)), (.milliseconds(10), .seconds(4)),
            (.seconds(10), .seconds(60)),
        ] as [(Duration, Duration)]
    )
    func pacing(cost: Duration, pause: Duration) {
        #expect(SamplePacing.pause(after: cost) == pause)
    }
}
