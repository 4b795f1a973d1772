import Keyspace
import Testing

/// What a listing costs where servers and hints are not as one would wish.
@Suite struct ListingCostTests {
    /// Pages shorter than asked for are no waste: that is how long this server's pages are.
    @Test(arguments: [100, 500, 1000])
    func shortPagesKeepNobodyFromSharingTheWork(serverLimit: Int) throws {
        var configuration = ListingConfiguration()
        configuration.fetchers = 32
        let least = 500
        var listing = ListingRounds(keys: 0..<serverLimit * least, configuration: configuration)
        listing.serverLimit = serverLimit
        try listing.run()
        #expect(listing.machine.counters.keys == serverLimit * least)
        #expect(listing.machine.counters.requests <= least * 5 / 4)
        #expect(listing.rounds <= 2 * least / 32 + 20)
    }

    /// Split points that all lie within a page cost a few requests, not one each.
    @Test(arguments: [0, 7000, 19_990])
    func aClumpOfSplitPointsCostsLittle(start: Int) throws {
        var configuration = ListingConfiguration()
        configuration.fetchers = 64
        var plain = ListingRounds(keys: 0..<20_000, configuration: configuration)
        try plain.run()
        configuration.splitPoints = (start..<start + 120).map { ListingRounds.key($0) }
        var hinted = ListingRounds(keys: 0..<20_000, configuration: configuration)
        try hinted.run()
        #expect(hinted.machine.counters.keys == 20_000)
        #expect(hinted.machine.counters.requests <= plain.machine.counters.requests + 6)
    }

    /// Good split points are begun within a few rounds, and then make the listing as quick as can be.
    @Test func splitPointsSpreadOverTheKeysAreAllUsed() throws {
        var configuration = ListingConfiguration()
        configuration.fetchers = 64
        configuration.splitPoints = (1..<64).map { ListingRounds.key($0 * 10_000) }
        var listing = ListingRounds(keys: 0..<640_000, configuration: configuration)
        try listing.run()
        #expect(listing.machine.counters.keys == 640_000)
        #expect(listing.rounds <= 10 + 6)
        #expect(listing.machine.counters.requests <= 640 * 23 / 20)
    }

    /// A page that no more follow tells about every range above it.
    @Test func nothingIsCutAboveTheEndOfTheKeys() throws {
        var configuration = ListingConfiguration()
        configuration.fetchers = 8
        var machine = ListingStateMachine(configuration: configuration)
        for page in 0..<10 {
            _ = machine.nextWork(for: 0)
            let keys = (page * 1000..<(page + 1) * 1000).map { ListingRounds.key($0)[...] }
            _ = try machine.received(keys, isTruncated: true, by: 0)
        }
        func starts(of fetchers: Range<Int>) -> [(fetcher: Int, start: [UInt8])] {
            fetchers.compactMap { fetcher in
                guard case .list(let request) = machine.nextWork(for: fetcher) else { return nil }
                return (fetcher, request.startAfter)
            }
        }
        let probes = starts(of: 0..<8).filter { ListingRounds.key(9999).lexicographicallyPrecedes($0.start) }
            .sorted { $0.start.lexicographicallyPrecedes($1.start) }
        try #require(probes.count == 2)
        _ = try machine.received([], isTruncated: false, by: probes[0].fetcher)
        for asked in starts(of: 8..<16) { #expect(asked.start.lexicographicallyPrecedes(probes[0].start)) }
    }
}
