internal import S3Client

/// What became of a client's connections, as a summary in JSON tells it.
struct ConnectionsLine: Encodable {
    private let opened: Int
    private let failedToOpen: Int
    private let closedByPeer: Int
    private let closedByClient: Int
    private let highestOpen: Int
    private let sentAgainAfterStaleConnection: Int

    init(_ connections: ConnectionStatistics) {
        opened = connections.opened
        failedToOpen = connections.failedToOpen
        closedByPeer = connections.closedByPeer
        closedByClient = connections.closedByClient
        highestOpen = connections.highestOpen
        sentAgainAfterStaleConnection = connections.sentAgainAfterStaleConnection
    }
}
