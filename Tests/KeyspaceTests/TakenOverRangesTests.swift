import Keyspace
import Testing

/// Ranges that wait, between split points that lie closer than a page.
@Suite struct TakenOverRangesTests {
    private func key(_ letter: Unicode.Scalar) -> [UInt8] { Array(String(letter).utf8) }

    private func machine() -> ListingStateMachine {
        var configuration = ListingConfiguration()
        configuration.fetchers = 2
        configuration.pageSize = 2
        configuration.splitPoints = ["b", "d", "f"].map { key($0) }
        return ListingStateMachine(configuration: configuration)
    }

    @Test func aPageTakesOverWhatWaitsBehindItsRange() throws {
        var machine = machine()
        _ = machine.nextWork(for: 0)
        let page = try machine.received([key("a")[...], key("c")[...]], isTruncated: true, by: 0)
        #expect(page == .init(keyCount: 2, covered: .init(after: [], through: key("c")), isRangeComplete: false))
        #expect(machine.remainingRanges.first == .init(after: key("c"), through: key("d")))
    }

    /// What lies between was listed by another fetcher, and would be listed twice.
    @Test func aPageTakesOverNothingBehindARangeThatIsListed() throws {
        var machine = machine()
        _ = machine.nextWork(for: 0)
        _ = machine.nextWork(for: 1)
        let upper = try machine.received([key("c")[...], key("d")[...]], isTruncated: true, by: 1)
        #expect(upper == .init(keyCount: 2, covered: .init(after: key("b"), through: key("d")), isRangeComplete: true))
        let lower = try machine.received([key("a")[...], key("c")[...]], isTruncated: true, by: 0)
        #expect(lower == .init(keyCount: 1, covered: .init(after: [], through: key("b")), isRangeComplete: true))
        #expect(machine.remainingRanges == [.init(after: key("d"), through: key("f")), .init(after: key("f"))])
    }
}
