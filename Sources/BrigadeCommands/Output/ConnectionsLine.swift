internal import S3Client
internal import SystemPackage

/// What became of a client's connections, as a summary in JSON tells it.
struct ConnectionsLine: Encodable {
    private let opened: Int
    private let failedToOpen: Int
    private let closedByPeer: Int
    private let closedByClient: Int
    private let highestOpen: Int
    private let sentAgainAfterStaleConnection: Int
    private let shortages: Int
    private let addresses: [Address]

    /// The connections between two addresses.
    private struct Address: Encodable {
        var source: String?
        var remote: String?
        var opened: Int
        var open: Int
        var requests: Int
        /// By the text of the kernel's error, or `other`.
        var failedToOpen: [String: Int]
        /// By who ended them and why.
        var ended: [String: Int]

        init(_ row: AddressStatistics) {
            source = row.source
            remote = row.remote
            opened = row.tally.opened
            open = row.tally.open
            requests = row.tally.requests
            failedToOpen = Dictionary(
                row.tally.failedToOpen.map { ($0.key == 0 ? "other" : Errno(rawValue: $0.key).description, $0.value) },
                uniquingKeysWith: +
            )
            ended = Dictionary(uniqueKeysWithValues: row.tally.ended.map { ($0.key.rawValue, $0.value) })
        }
    }

    init(_ connections: ConnectionStatistics) {
        opened = connections.opened
        failedToOpen = connections.failedToOpen
        closedByPeer = connections.closedByPeer
        closedByClient = connections.closedByClient
        highestOpen = connections.highestOpen
        sentAgainAfterStaleConnection = connections.sentAgainAfterStaleConnection
        shortages = connections.shortages
        addresses = connections.addresses.map(Address.init)
    }
}
