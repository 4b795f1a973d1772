import NIOCore
import Synchronization

/// Knows the open connections, so that they can be counted, and closed when the server stops.
final class ConnectionRegistry: Sendable {
    private struct State {
        var channels: [ObjectIdentifier: any Channel] = [:]
        var isClosed = false
    }

    private let state = Mutex(State())
    private let service: S3Service

    init(service: S3Service) {
        self.service = service
    }

    /// Takes a connection in; one that comes when the server stops is closed at once.
    func add(_ channel: any Channel) {
        let isClosed = state.withLock { state in
            if !state.isClosed { state.channels[ObjectIdentifier(channel)] = channel }
            return state.isClosed
        }
        guard !isClosed else { return channel.close(promise: nil) }
        service.statistics.withLock { statistics in
            statistics.connectionsAccepted += 1
            statistics.connectionsOpen += 1
            statistics.connectionsOpenHighest = max(statistics.connectionsOpenHighest, statistics.connectionsOpen)
        }
        channel.closeFuture.whenComplete { [self] _ in
            state.withLock { $0.channels[ObjectIdentifier(channel)] = nil }
            service.statistics.withLock { $0.connectionsOpen -= 1 }
        }
    }

    /// Closes every connection, and waits until they are.
    func closeAll() async {
        let channels = state.withLock { state in
            state.isClosed = true
            return Array(state.channels.values)
        }
        for channel in channels { channel.close(promise: nil) }
        for channel in channels { try? await channel.closeFuture.get() }
    }
}
