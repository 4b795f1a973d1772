import Keyspace
import TestSupport
import Testing

@testable import Brigade

@Suite("Work handed out to fetchers")
struct FetcherDispatchTests {
    private func configuration(fetchers: Int, pageSize: Int = 10) -> ListingConfiguration {
        var configuration = ListingConfiguration()
        configuration.fetchers = fetchers
        configuration.pageSize = pageSize
        return configuration
    }

    private func hexKeys(_ count: Int, _ generator: inout SeededGenerator) -> [[UInt8]] {
        let digits = Array("0123456789abcdef".utf8)
        return Array(Set((0..<count).map { _ in (0..<8).map { _ in digits[generator.number(0...15)] } }))
    }

    @Test(
        "whoever finds nothing to do is woken with work or at the end, and every key is listed once",
        arguments: 1...20
    )
    func everyKeyOnce(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let keys = hexKeys(generator.number(0...3000), &generator)
        var configuration = configuration(fetchers: generator.number(1...40))
        // Half of the runs have hints, which lie closer than a page.
        let hints = seed % 2 == 0 ? 0 : keys.count / 4
        configuration.splitPoints = (0..<hints).map { _ in generator.pick(keys) }
        var model = DispatchModel(keys: keys, configuration: configuration, generator: generator)
        #expect(model.run() == .complete)
        #expect(model.openSeams == 0)
        #expect(model.found == keys.sorted { $0.lexicographicallyPrecedes($1) })
        #expect(model.allEnded && !model.hasMiswoken)
    }

    @Test("an honest server proves its end once at most", arguments: 1...10)
    func honestEnd(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let keys = hexKeys(2000, &generator)
        let configuration = configuration(fetchers: generator.number(1...40))
        var model = DispatchModel(keys: keys, configuration: configuration, generator: generator)
        #expect(model.run() == .complete)
        #expect(model.proofs <= 1)
    }

    @Test("pages that end the listing too early lose no key, and would if they were taken at their word")
    func falseEnds() {
        var lossesOfTheGullible = 0
        var heldPages = 0
        for seed in 1...60 {
            for asksAgain in [true, false] {
                var generator = SeededGenerator(seed: UInt64(seed))
                let keys = hexKeys(generator.number(500...3000), &generator)
                let configuration = configuration(fetchers: generator.number(2...40))
                var model = DispatchModel(keys: keys, configuration: configuration, generator: generator)
                model.hasFalseEnds = true
                model.hasEmptyEnds = seed % 2 == 0
                model.asksAgain = asksAgain
                let end = model.run()
                heldPages += model.heldPages
                let isWhole = end == .complete && model.found.count == keys.count
                if asksAgain { #expect(isWhole, "seed \(seed): \(end)") } else if !isWhole { lossesOfTheGullible += 1 }
            }
        }
        #expect(lossesOfTheGullible > 40 && heldPages > 20, "\(heldPages)")
    }

    @Test("a page that leaves out what the range beside it told of is a contradiction")
    func contradictions() throws {
        func keys(_ text: String) -> [ArraySlice<UInt8>] { text.utf8.map { [$0] } }
        var configuration = configuration(fetchers: 2)
        configuration.splitPoints = [Array("m".utf8)]
        var dispatch = FetcherDispatch<Int>(configuration)
        guard case .list(let low) = dispatch.next(for: 0), case .list(let high) = dispatch.next(for: 1) else {
            Issue.record("there are two ranges")
            return
        }
        #expect(!dispatch.contradicts(keys(""), isTruncated: false, for: high), "nobody has told of anything")
        #expect(!dispatch.needsProofOfEnd(keys(""), isTruncated: false, for: high))
        #expect(dispatch.needsProofOfEnd(keys("op"), isTruncated: false, for: high))
        #expect(!dispatch.needsProofOfEnd(keys("op"), isTruncated: true, for: high))
        var other = dispatch
        _ = try dispatch.received(keys("op"), isTruncated: true, for: high, by: 1)
        #expect(dispatch.contradicts(keys("ab"), isTruncated: false, for: low))
        #expect(dispatch.contradicts(keys("abp"), isTruncated: true, for: low))
        for page in ["abo", "abn"] { #expect(!dispatch.contradicts(keys(page), isTruncated: true, for: low)) }
        for page in ["", "ab", "m"] { #expect(!dispatch.contradicts(keys(page), isTruncated: true, for: low)) }
        #expect(dispatch.needsProofOfEnd(keys("ab"), isTruncated: false, for: low))
        #expect(!dispatch.needsProofOfEnd(keys("abo"), isTruncated: false, for: low), "it goes beyond its range")
        // The other way round
        _ = try other.received(keys("abo"), isTruncated: true, for: low, by: 0)
        for page in ["", "p"] { #expect(other.contradicts(keys(page), isTruncated: false, for: high)) }
        for page in ["n", "op"] { #expect(!other.contradicts(keys(page), isTruncated: false, for: high)) }
        _ = other.cut()
        #expect(!other.contradicts(keys(""), isTruncated: false, for: high))
    }

    @Test("that a range above is empty proves no end of the one below")
    func emptyRangeAbove() throws {
        var configuration = configuration(fetchers: 2)
        configuration.splitPoints = [Array("m".utf8)]
        var dispatch = FetcherDispatch<Int>(configuration)
        guard case .list(let low) = dispatch.next(for: 0), case .list(let high) = dispatch.next(for: 1) else {
            Issue.record("there are two ranges")
            return
        }
        #expect(dispatch.needsProofOfEnd([[0x61]], isTruncated: false, for: low))
        _ = try dispatch.received([], isTruncated: false, for: high, by: 1)
        #expect(dispatch.needsProofOfEnd([[0x61]], isTruncated: false, for: low))
    }

    @Test("a cut ends everyone, at whatever moment", arguments: 0...20)
    func cut(pages: Int) {
        var generator = SeededGenerator(seed: UInt64(pages))
        let keys = hexKeys(2000, &generator)
        var model = DispatchModel(keys: keys, configuration: configuration(fetchers: 12), generator: generator)
        #expect(model.run(pages: pages) == .cut)
        #expect(model.allEnded && !model.hasMiswoken)
    }

    @Test("a page that arrives behind the cut is of no use")
    func late() throws {
        var dispatch = FetcherDispatch<String>(configuration(fetchers: 2))
        guard case .list(let request) = dispatch.next(for: 0) else {
            Issue.record("there is a first page to ask for")
            return
        }
        #expect(dispatch.next(for: 1) == .wait)
        dispatch.wait("second", by: 1)
        let wakes = dispatch.cut()
        #expect(wakes.map(\.waiter) == ["second"])
        #expect(wakes.allSatisfy { $0.request == nil })
        #expect(try dispatch.received([[0x61]], isTruncated: false, for: request, by: 0) == nil)
        #expect(dispatch.acceptedPages == 0)
        #expect(dispatch.next(for: 0) == .end)
        #expect(dispatch.cut().isEmpty)
    }

    @Test("the range of a request reaches from what is listed of it to its end")
    func range() throws {
        var configuration = configuration(fetchers: 2)
        configuration.splitPoints = [[0x6D]]
        var dispatch = FetcherDispatch<Int>(configuration)
        guard case .list(let first) = dispatch.next(for: 0), case .list(let second) = dispatch.next(for: 1) else {
            Issue.record("there are two ranges")
            return
        }
        #expect(dispatch.range(of: first) == KeyRange(after: [], through: [0x6D]))
        #expect(dispatch.range(of: second) == KeyRange(after: [0x6D], through: nil))
        _ = try dispatch.received([[0x61], [0x62]], isTruncated: true, for: first, by: 0)
        guard case .list(let third) = dispatch.next(for: 0) else {
            Issue.record("the first range goes on")
            return
        }
        #expect(dispatch.range(of: third) == KeyRange(after: [0x62], through: [0x6D]))
    }

    /// Folders of months, and one that is named like the beginning of others: the two orders differ there.
    private func folderKeys(_ generator: inout SeededGenerator) -> [[UInt8]] {
        let years = Array(2014...2020)
        let months = years.flatMap { year in (1...9).map { "\(year)-0\($0)/" } }
        var keys: Set<[UInt8]> = []
        for folder in months + ["\(generator.pick(Array(years.dropFirst(2))))/"] {
            for _ in 0..<generator.number(1...15) {
                keys.insert(Array((folder + String(generator.number(0...999))).utf8))
            }
        }
        return Array(keys)
    }

    @Test("a bucket that is listed folder by folder loses no key without a sign")
    func folderOrder() {
        var ends: [DispatchModel.End: Int] = [:]
        for seed in 1...60 {
            var generator = SeededGenerator(seed: UInt64(seed))
            let keys = folderKeys(&generator)
            var configuration = configuration(fetchers: generator.number(2...40), pageSize: generator.number(5...20))
            configuration.splitPoints = (0..<generator.number(0...6)).map { _ in generator.pick(keys) }
            var model = DispatchModel(keys: keys, order: .folders, configuration: configuration, generator: generator)
            let end = model.run()
            ends[end, default: 0] += 1
            if end == .complete { #expect(model.found.count == keys.count, "seed \(seed)") }
            #expect(model.allEnded && !model.hasMiswoken)
        }
        // Else it would not be seen here that the seams matter.
        #expect(ends[.gap, default: 0] > 0 && ends[.violation, default: 0] > 0, "\(ends)")
    }

    @Test("a bucket in byte order has no gaps, folders or not", arguments: 1...40)
    func byteOrder(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let keys = folderKeys(&generator)
        let configuration = configuration(fetchers: generator.number(2...40), pageSize: generator.number(5...20))
        var model = DispatchModel(keys: keys, configuration: configuration, generator: generator)
        #expect(model.run() == .complete)
        #expect(model.openSeams == 0)
        #expect(model.found.count == keys.count)
    }
}
