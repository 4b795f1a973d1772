import Keyspace
import TestSupport
import Testing

/// Every key exactly once, whatever the keys, the order of the answers and their faults.
@Suite struct ListingPropertyTests {
    @Test(arguments: SampleKeys.allCases, 1...4)
    func everyKeyOnceUnderFaults(kind: SampleKeys, seed: Int) throws {
        var generator = SeededGenerator(seed: UInt64(seed))
        let keys = kind.keys(count: generator.number(0...800), generator: &generator)
        var configuration = ListingConfiguration()
        configuration.pageSize = generator.number(2...30)
        configuration.fetchers = generator.number(1...32)
        var model = ListingModel(keys: keys, configuration: configuration, generator: generator)
        model.faults = .init(
            failures: generator.number(0...20),
            shortPages: generator.number(0...30),
            pauses: generator.number(0...20)
        )
        #expect(try model.run() == keys, "seed \(seed)")
    }

    @Test(arguments: 1...6)
    func splitPointsOnlyHelp(seed: Int) throws {
        var generator = SeededGenerator(seed: UInt64(seed))
        let kind = SampleKeys.allCases[seed % SampleKeys.allCases.count]
        let keys = kind.keys(count: 600, generator: &generator)
        var configuration = ListingConfiguration()
        configuration.pageSize = 15
        configuration.fetchers = generator.number(1...16)
        // More points than pages, most of them keys that exist, some twice.
        configuration.splitPoints =
            (0..<150).map { _ in keys[generator.number(0...keys.count - 1)] } + [[0x00], [0xFF, 0xFF], []]
        var model = ListingModel(keys: keys, configuration: configuration, generator: generator)
        #expect(try model.run() == keys, "seed \(seed)")
    }

    @Test(arguments: 1...6)
    func onlyTheRangeIsListed(seed: Int) throws {
        var generator = SeededGenerator(seed: UInt64(seed))
        let keys = SampleKeys.hex.keys(count: 1000, generator: &generator)
        let bounds = [generator.number(0...999), generator.number(0...999)].sorted().map { keys[$0] }
        var configuration = ListingConfiguration()
        configuration.range = KeyRange(after: bounds[0], through: bounds[1])
        configuration.pageSize = 30
        configuration.fetchers = 12
        var model = ListingModel(keys: keys, configuration: configuration, generator: generator)
        #expect(try model.run() == keys.filter { configuration.range.contains($0[...]) }, "seed \(seed)")
    }

    @Test(arguments: SampleKeys.allCases, 1...4)
    func severalRangesAreListedAndNothingBetween(kind: SampleKeys, seed: Int) throws {
        var generator = SeededGenerator(seed: UInt64(seed))
        let keys = kind.keys(count: generator.number(1...800), generator: &generator)
        // Some bounds are keys, some not; two in a row make a range, which may be empty, and some ranges touch.
        let bounds = (0..<generator.number(1...12)).flatMap { _ in
            let key = keys[generator.number(0...keys.count - 1)]
            return [key, generator.chance(oneIn: 2) ? key : Array(key.dropLast()) + [UInt8(generator.number(1...127))]]
        }
        .sorted { $0.lexicographicallyPrecedes($1) }
        var ranges = zip(bounds, bounds.dropFirst()).enumerated()
            .filter { $0.offset % 2 == 0 || generator.chance(oneIn: 4) }
            .map { KeyRange(after: $0.element.0, through: $0.element.1) }
        if generator.chance(oneIn: 2) { ranges.append(KeyRange(after: bounds[bounds.count - 1])) }
        var configuration = ListingConfiguration()
        configuration.pageSize = generator.number(2...30)
        configuration.fetchers = generator.number(1...32)
        configuration.splitPoints = (0..<generator.number(0...40)).map { _ in generator.pick(keys) }
        var model = try ListingModel(keys: keys, configuration: configuration, ranges: ranges, generator: generator)
        model.faults = .init(
            failures: generator.number(0...20),
            shortPages: generator.number(0...30),
            pauses: generator.number(0...20)
        )
        let expected = keys.filter { key in ranges.contains { $0.contains(key[...]) } }
        #expect(try model.run() == expected, "seed \(seed)")
    }

    /// What one machine has left, another goes on with.
    @Test(arguments: SampleKeys.allCases, 1...3)
    func aListingGoesOnFromWhatWasLeft(kind: SampleKeys, seed: Int) throws {
        var generator = SeededGenerator(seed: UInt64(seed))
        let keys = kind.keys(count: 900, generator: &generator)
        var configuration = ListingConfiguration()
        configuration.pageSize = 10
        configuration.fetchers = 8
        var first = ListingModel(keys: keys, configuration: configuration, generator: generator)
        let before = try first.run(requests: generator.number(1...60))
        let left = first.machine.remainingRanges
        var second = try ListingModel(keys: keys, configuration: configuration, ranges: left, generator: generator)
        let after = try second.run()
        #expect((before + after).sorted { $0.lexicographicallyPrecedes($1) } == keys, "seed \(seed)")
    }

    @Test(arguments: 1...6)
    func onlyThePrefixIsListed(seed: Int) throws {
        var generator = SeededGenerator(seed: UInt64(seed))
        let keys = SampleKeys.zipfFolders.keys(count: 1500, generator: &generator)
        var configuration = ListingConfiguration()
        configuration.prefix = Array("folder-\(generator.number(1...3))".utf8)
        configuration.pageSize = 30
        configuration.fetchers = 12
        var model = ListingModel(keys: keys, configuration: configuration, generator: generator)
        #expect(try model.run() == keys.filter { $0.starts(with: configuration.prefix) }, "seed \(seed)")
    }

    /// A split point must be acceptable as a parameter of a request.
    @Test(arguments: SampleKeys.allCases)
    func splitPointsAreValidUTF8(kind: SampleKeys) throws {
        var generator = SeededGenerator(seed: 5)
        let keys = kind.keys(count: 2500, generator: &generator).filter { String(validating: $0, as: UTF8.self) != nil }
        var configuration = ListingConfiguration()
        configuration.pageSize = 50
        var machine = ListingStateMachine(configuration: configuration)
        var pending: [(Int, PageRequest)] = []
        var points = 0
        for fetcher in 0..<16 { ask(fetcher) }
        func ask(_ fetcher: Int) {
            guard case .list(let request) = machine.nextWork(for: fetcher) else { return }
            pending.append((fetcher, request))
        }
        while !pending.isEmpty {
            let (fetcher, request) = pending.removeFirst()
            #expect(String(validating: request.startAfter, as: UTF8.self) != nil)
            points += 1
            let page = keys.drop { !request.startAfter.lexicographicallyPrecedes($0) }.prefix(50)
            _ = try machine.received(
                page.map { $0[...] },
                isTruncated: !page.isEmpty && page.last != keys.last,
                by: fetcher
            )
            for fetcher in 0..<16 where !pending.contains(where: { $0.0 == fetcher }) { ask(fetcher) }
        }
        #expect(points >= keys.count / 50)
    }
}
