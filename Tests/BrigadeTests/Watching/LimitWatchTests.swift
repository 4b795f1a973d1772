import Testing

@testable import Brigade

@Suite("Limits that come near")
struct LimitWatchTests {
    private func sample(descriptors: Int? = nil, portsLeft: Int? = nil, timeWait: Int = 0) -> MachineSample {
        var sample = MachineSample(elapsed: .zero)
        sample.descriptors = descriptors
        sample.portsLeft = portsLeft
        sample.sockets = ["time-wait": timeWait]
        return sample
    }

    @Test("descriptors: fewer than half of those kept free, told once")
    func descriptors() {
        var watch = LimitWatch(SampleMachine(soft: 100).budget)
        #expect(watch.notices(for: sample(descriptors: 84)).isEmpty)
        #expect(watch.notices(for: sample(descriptors: 85)) == [.descriptors(inUse: 85, of: 100)])
        #expect(watch.notices(for: sample(descriptors: 99)).isEmpty)
    }

    @Test("ports: fewer than half of those left to others, told once")
    func ports() {
        var watch = LimitWatch(SampleMachine(ways: [SampleMachine.way(available: 6400)]).budget)
        #expect(watch.notices(for: sample(portsLeft: 100, timeWait: 3)).isEmpty)
        #expect(watch.notices(for: sample(portsLeft: 99, timeWait: 3)) == [.localPorts(left: 99, timeWait: 3)])
        #expect(watch.notices(for: sample(portsLeft: 0)).isEmpty)
    }

    @Test("a plan that uses every port of a small range by intent is no cause for a notice")
    func smallRange() {
        var watch = LimitWatch(SampleMachine(ways: [SampleMachine.way(available: 50)]).budget)
        #expect(watch.notices(for: sample(portsLeft: 0)).isEmpty)
    }

    @Test("what is not known is not near")
    func unknown() {
        var watch = LimitWatch(SampleMachine(soft: nil, ways: []).budget)
        #expect(watch.notices(for: sample(descriptors: 1_000_000, portsLeft: nil)).isEmpty)
        #expect(watch.notices(for: sample()).isEmpty)
    }
}
