import Keyspace
import TestSupport
import Testing

/// Small cases as scripts: what is asked, what comes back, what is asked then.
@Suite struct ListingStateMachineTests {
    private func key(_ number: Int) -> [UInt8] {
        let text = Array(String(number).utf8)
        return [UInt8](repeating: 0x30, count: 8 - text.count) + text
    }

    private func page(_ numbers: Range<Int>) -> [ArraySlice<UInt8>] { numbers.map { key($0)[...] } }

    @Test func anEmptyBucketCostsOneRequest() throws {
        var machine = ListingStateMachine(configuration: ListingConfiguration())
        #expect(machine.nextWork(for: 1) == .list(PageRequest(rangeID: 1, startAfter: [], limit: 1000)))
        #expect(machine.nextWork(for: 2) == .wait)
        let accepted = try machine.received(page(0..<0), isTruncated: false, by: 1)
        #expect(accepted == AcceptedPage(keyCount: 0, covered: KeyRange(), isRangeComplete: true))
        #expect(machine.nextWork(for: 1) == .finished)
        #expect(machine.nextWork(for: 2) == .finished)
        #expect(machine.counters.requests == 1)
    }

    @Test func aBucketOfOneKeyCostsOneRequest() throws {
        var machine = ListingStateMachine(configuration: ListingConfiguration())
        _ = machine.nextWork(for: 1)
        #expect(try machine.received(page(7..<8), isTruncated: false, by: 1).keyCount == 1)
        #expect(machine.nextWork(for: 1) == .finished)
        #expect(machine.counters.requests == 1)
    }

    @Test(arguments: SampleKeys.allCases, 1...3)
    func threeThousandKeysCostAtMostFiveRequests(kind: SampleKeys, seed: Int) throws {
        var generator = SeededGenerator(seed: UInt64(seed))
        let keys = Array(kind.keys(count: 3000, generator: &generator))
        for fetchers in [2, 64] {
            var configuration = ListingConfiguration()
            configuration.fetchers = fetchers
            var model = ListingModel(keys: keys, configuration: configuration, generator: generator)
            #expect(try model.run() == keys)
            #expect(model.machine.counters.requests <= 5, "\(fetchers) fetchers")
        }
    }

    @Test func aFailedRequestIsRepeatedFromItsLastKey() throws {
        var machine = ListingStateMachine(configuration: ListingConfiguration())
        _ = machine.nextWork(for: 1)
        _ = try machine.received(page(0..<1000), isTruncated: true, by: 1)
        let again = ListingStateMachine.Action.list(PageRequest(rangeID: 1, startAfter: key(999), limit: 1000))
        #expect(machine.nextWork(for: 1) == again)
        machine.failed(1)
        #expect(machine.nextWork(for: 2) == again)
    }

    @Test func aPausedRangeKeepsItsPlace() throws {
        var machine = ListingStateMachine(configuration: ListingConfiguration())
        _ = machine.nextWork(for: 1)
        _ = try machine.received(page(0..<1000), isTruncated: true, by: 1)
        machine.paused(1)
        machine.paused(1)
        #expect(machine.remainingRanges == [KeyRange(after: key(999))])
        #expect(machine.nextWork(for: 3) == .list(PageRequest(rangeID: 1, startAfter: key(999), limit: 1000)))
    }

    @Test func keysBeyondTheRangeAreCutOff() throws {
        var configuration = ListingConfiguration()
        configuration.range = KeyRange(after: key(10), through: key(14))
        var machine = ListingStateMachine(configuration: configuration)
        #expect(machine.nextWork(for: 1) == .list(PageRequest(rangeID: 1, startAfter: key(10), limit: 1000)))
        let accepted = try machine.received(page(11..<100), isTruncated: true, by: 1)
        #expect(accepted == AcceptedPage(keyCount: 4, covered: configuration.range, isRangeComplete: true))
        #expect(machine.counters.keysBeyond == 85)
        #expect(machine.nextWork(for: 1) == .finished)
    }

    @Test func aRangeEndsAtABoundThatIsItsLastKey() throws {
        var configuration = ListingConfiguration()
        configuration.range = KeyRange(through: key(9))
        var machine = ListingStateMachine(configuration: configuration)
        _ = machine.nextWork(for: 1)
        #expect(try machine.received(page(0..<10), isTruncated: true, by: 1).isRangeComplete)
    }

    /// S3 refuses a request that begins after anything else.
    @Test func givenSplitPointsBecomeValidUTF8() {
        var configuration = ListingConfiguration()
        configuration.splitPoints = [[0xFF], [0x61, 0xFF], [0x62, 0xE2, 0x82], [0x63], [0x80, 0x61]]
        let points = ListingStateMachine(configuration: configuration).remainingRanges.compactMap(\.through)
        #expect(points == [[0x61], [0x62, 0xE2, 0x82, 0x80], [0x63]])
        #expect(points.allSatisfy { String(validating: $0, as: UTF8.self) != nil })
    }

    @Test func splitPointsAreHandedOutFromTheBeginning() {
        var configuration = ListingConfiguration()
        configuration.splitPoints = [key(2000), key(1000), key(2000)]
        var machine = ListingStateMachine(configuration: configuration)
        let starts = (1...4).map { machine.nextWork(for: $0) }
        #expect(starts[0] == .list(PageRequest(rangeID: 1, startAfter: [], limit: 1000)))
        #expect(starts[1] == .list(PageRequest(rangeID: 2, startAfter: key(1000), limit: 1000)))
        #expect(starts[2] == .list(PageRequest(rangeID: 3, startAfter: key(2000), limit: 1000)))
        #expect(starts[3] == .wait)
    }

    @Test func splitPointsCloserThanAPageCostNothing() throws {
        var configuration = ListingConfiguration()
        configuration.splitPoints = (1...99).map { key($0 * 10) }
        var machine = ListingStateMachine(configuration: configuration)
        _ = machine.nextWork(for: 1)
        let accepted = try machine.received(page(0..<1000), isTruncated: false, by: 1)
        #expect(accepted == AcceptedPage(keyCount: 1000, covered: KeyRange(), isRangeComplete: true))
        #expect(machine.nextWork(for: 1) == .finished)
    }

    @Test func noRangesAreListedWithNoRequest() {
        var machine = ListingStateMachine(configuration: ListingConfiguration(), ranges: [])
        #expect(machine.nextWork(for: 1) == .finished)
        var empty = ListingStateMachine(
            configuration: ListingConfiguration(),
            ranges: [KeyRange(after: key(1), through: key(1))]
        )
        #expect(empty.nextWork(for: 1) == .finished)
    }

    /// A sorted list of all keys is a fine hint, and must not cost a request a key.
    @Test(arguments: [15, 16, 1000, 100_000])
    func splitPointsAreThinned(count: Int) throws {
        var configuration = ListingConfiguration()
        configuration.fetchers = 8
        configuration.splitPoints = (0..<count).map { key($0) }
        let machine = ListingStateMachine(configuration: configuration)
        let ranges = machine.remainingRanges
        #expect(ranges.count == 16)
        let cuts = ranges.compactMap(\.through).compactMap { Int(String(decoding: $0, as: UTF8.self)) }
        #expect(cuts.count == 15)
        for (lower, upper) in zip(cuts, cuts.dropFirst()) { #expect(abs(upper - lower - count / 15) <= 1) }
    }

    @Test func withoutSplittingTheListingIsOneWalk() throws {
        var configuration = ListingConfiguration()
        configuration.splitsRanges = false
        configuration.splitPoints = [key(5)]
        var machine = ListingStateMachine(configuration: configuration)
        for start in stride(from: 0, to: 100_000, by: 1000) {
            guard case .list = machine.nextWork(for: 1) else {
                Issue.record("no request at \(start)")
                return
            }
            #expect(machine.nextWork(for: 2) == .wait)
            _ = try machine.received(page(start..<start + 1000), isTruncated: start < 99_000, by: 1)
        }
        #expect(machine.nextWork(for: 1) == .finished)
    }

    @Test func aServerThatIgnoresStartAfterIsFoundOut() throws {
        var machine = ListingStateMachine(configuration: ListingConfiguration())
        _ = machine.nextWork(for: 1)
        _ = try machine.received(page(0..<1000), isTruncated: true, by: 1)
        let before = machine.remainingRanges
        _ = machine.nextWork(for: 1)
        let error = #expect(throws: ListingError.self) {
            try machine.received(page(0..<1000), isTruncated: true, by: 1)
        }
        #expect(error?.code == .notAboveStart)
        #expect(error?.after == key(999))
        #expect(machine.remainingRanges == before)
    }

    @Test(arguments: [
        (numbers: [1, 3, 2], ListingError.Code.notAscending),
        (numbers: [1, 1], .notAscending),
        (numbers: [], .noProgress),
        (numbers: Array(0...1000), .pageTooLong),
    ])
    func aPageThatIsNoListingIsRefused(numbers: [Int], code: ListingError.Code) {
        var machine = ListingStateMachine(configuration: ListingConfiguration())
        _ = machine.nextWork(for: 1)
        let error = #expect(throws: ListingError.self) {
            try machine.received(numbers.map { key($0)[...] }, isTruncated: true, by: 1)
        }
        #expect(error?.code == code)
        #expect(machine.remainingRanges == [KeyRange()])
    }
}
