import Testing

@testable import FlowControl

@Suite("the throttled parts of the keyspace")
struct ThrottledRegionsTests {
    private func bounds(_ after: String, _ through: String?) -> KeyBounds {
        KeyBounds(after: Array(after.utf8), through: through.map { Array($0.utf8) })
    }

    private func key(_ text: String) -> ArraySlice<UInt8> { Array(text.utf8)[...] }

    private func names(_ regions: ThrottledRegions) -> [String] {
        regions.all.map { region in
            let through = region.bounds.through.map { String(decoding: $0, as: UTF8.self) } ?? "end"
            return "\(String(decoding: region.bounds.after, as: UTF8.self))-\(through)"
        }
    }

    @Test("a key belongs to the region above whose start it is, up to and with its end")
    func membership() {
        var regions = ThrottledRegions()
        regions.learn(bounds("m", "p"), acceptedPerSecond: 10, at: .zero)
        regions.learn(bounds("c", "f"), acceptedPerSecond: 10, at: .zero)
        #expect(names(regions) == ["c-f", "m-p"])
        #expect(regions.index(of: key("c")) == nil)
        #expect(regions.index(of: key("c0")) == 0)
        #expect(regions.index(of: key("f")) == 0)
        #expect(regions.index(of: key("f0")) == nil)
        #expect(regions.index(of: key("n")) == 1)
        #expect(regions.nextRegion(above: key("a")) == Array("c".utf8))
        #expect(regions.nextRegion(above: key("g")) == Array("m".utf8))
        #expect(regions.nextRegion(above: key("q")) == nil)
    }

    @Test("what touches is one, and the end of the keyspace is an end")
    func touching() {
        var regions = ThrottledRegions()
        regions.learn(bounds("a", "c"), acceptedPerSecond: 100, at: .zero)
        regions.learn(bounds("g", nil), acceptedPerSecond: 100, at: .zero)
        regions.learn(bounds("c", "d"), acceptedPerSecond: 7, at: .zero)
        #expect(names(regions) == ["a-d", "g-end"])
        regions.learn(bounds("b", "h"), acceptedPerSecond: 7, at: .zero)
        #expect(names(regions) == ["a-end"])
        // Each fell to nine tenths; what was found between them counts with them.
        #expect(regions.all[0].rate.perSecond == 180)
    }

    /// Has a region fall.
    private func fall(_ regions: inout ThrottledRegions, _ text: String, at now: Duration) {
        guard let index = regions.index(of: key(text)) else { return }
        for _ in 0..<20 { regions.throttled(index, after: .zero, at: now) }
    }

    @Test("neighbours that are throttled at the same time are one, unless something between them goes well")
    func neighbours() {
        for goesWell in [false, true] {
            var regions = ThrottledRegions()
            regions.learn(bounds("a", "b"), acceptedPerSecond: 100, at: .zero)
            regions.learn(bounds("c", "d"), acceptedPerSecond: 100, at: .zero)
            fall(&regions, "c1", at: .milliseconds(300))
            #expect(regions.all.count == 2, "it is too early to tell")
            if goesWell { regions.goesWell(key("b5"), at: .seconds(1)) }
            fall(&regions, "b", at: .seconds(2))
            #expect(names(regions) == (goesWell ? ["a-b", "c-d"] : ["a-d"]))
            fall(&regions, "d", at: .seconds(8))
            #expect(names(regions) == (goesWell ? ["a-b", "c-d"] : ["a-d"]), "they are not throttled together")
        }
    }

    @Test("there are never more than 64: the slowest neighbours are taken together")
    func bounded() {
        var regions = ThrottledRegions()
        for number in 0..<1000 {
            let name = String(10_000 + number)
            regions.learn(bounds(name, name + "z"), acceptedPerSecond: Double(100 + number), at: .zero)
            #expect(regions.all.count <= 64)
        }
        let inOrder = zip(regions.all, regions.all.dropFirst()).allSatisfy { lower, upper in
            lower.bounds.ends(before: upper.bounds.after) || lower.bounds.through == upper.bounds.after
        }
        #expect(inOrder)
        for number in 0..<1000 { #expect(regions.index(of: key("\(10_000 + number)a")) != nil) }
    }

    @Test("a region that nothing was said against for long is forgotten")
    func forgotten() {
        var regions = ThrottledRegions()
        regions.learn(bounds("a", "b"), acceptedPerSecond: 100, at: .zero)
        let version = regions.version
        for second in 1...20 { regions.forget(at: .seconds(second)) }
        #expect(regions.isEmpty)
        #expect(regions.version != version)
    }

    @Test("the folder of a key is what is likely to be throttled, within its batch")
    func folder() {
        let batch = TestBatch(["a/1", "b/1", "b/2", "b/3", "c/1"], after: "a/0")
        #expect(batch.folder(of: 2) == bounds("a/1", "b/3"))
        #expect(batch.folder(of: 0) == bounds("a/0", "a/1"))
        #expect(batch.folder(of: 4) == bounds("b/3", "c/1"))
        let flat = TestBatch(["a", "b", "c"], after: "0")
        #expect(flat.folder(of: 1) == bounds("0", "c"))
        let unordered = TestBatch(["c", "ab", "b"], after: nil)
        #expect(unordered.folder(of: 1) == bounds("a", "c"))
    }
}
