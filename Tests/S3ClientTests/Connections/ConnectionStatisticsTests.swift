import S3Protocol
import Testing

@testable import S3Client

@Suite("The accounts of connections")
struct ConnectionStatisticsTests {
    private func row(_ remote: String?, source: String? = "10.0.0.1", opened: Int, ended: Int = 0) -> AddressStatistics
    {
        var row = AddressStatistics(source: source, remote: remote)
        row.tally.opened = opened
        row.tally.failedToOpen = [99: opened]
        row.tally.requests = 10 * opened
        if ended > 0 { row.tally.ended = [.idle: ended] }
        return row
    }

    @Test("rows for the same addresses are added up, over event loops and hosts")
    func sum() {
        var left = ClientStatistics()
        left.connections.addresses = [row("10.0.0.2:80", opened: 3, ended: 1), row("10.0.0.3:80", opened: 1)]
        var right = ClientStatistics()
        right.connections.addresses = [
            row("10.0.0.2:80", opened: 5), row("10.0.0.2:80", source: "10.0.0.9", opened: 2), row(nil, opened: 7),
        ]
        left += right
        #expect(left.connections.addresses.map(\.tally.opened) == [8, 1, 2, 7])
        #expect(left.connections.addresses[0].tally == row("", opened: 8, ended: 1).tally)
        #expect(left.connections.addresses[0].tally.open == 7)
    }

    @Test("what was done since an earlier look is the difference, row by row")
    func difference() {
        var earlier = ClientStatistics()
        earlier.connections.opened = 4
        earlier.connections.addresses = [row("a", source: nil, opened: 1), row("gone", opened: 3, ended: 3)]
        var later = ClientStatistics()
        later.connections.opened = 14
        later.connections.closedByPeer = 4
        later.connections.addresses = [row("a", opened: 6, ended: 1), row(nil, opened: 8, ended: 3)]
        let difference = later - earlier
        #expect(difference.connections.opened == 10)
        #expect(difference.connections.open == 6)
        #expect(
            difference.connections.addresses.map(\.tally.opened) == [5, 5],
            "what was forgotten is in the last row"
        )
        #expect(difference.connections.addresses[1].tally.ended == [:])
        #expect(difference.connections.addresses[0].tally.requests == 50)
    }

    @Test("each end has its side")
    func sides() {
        #expect(ConnectionEnd.allCases.filter(\.isByPeer) == [.announced, .idle, .broken])
    }
}
