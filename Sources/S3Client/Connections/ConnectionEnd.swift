/// Who ended a connection, and why.
public enum ConnectionEnd: String, Sendable, Hashable, CaseIterable {
    /// The peer said with an answer that it closes the connection (`Connection: close`, RFC 9112, 9.6).
    case announced
    /// The peer closed it while no request was under way.
    case idle
    /// The peer closed or reset it while an answer was awaited.
    case broken
    /// The client was shut down.
    case finished
    /// The client closed it to open another to an address that has fewer.
    case moved
    /// The client closed it while it was idle, since a connection to another host had no descriptor, port or memory.
    case yielded
    /// The client gave it up, since the answer did not come in time.
    case timedOut
    /// The client closed it together with a request that was no longer wanted.
    case cancelled
    /// The client closed it, since the peer sent what no answer can be or what nobody asked for.
    case unusable

    /// Whether the peer ended the connection, and not the client.
    public var isByPeer: Bool {
        switch self {
        case .announced, .idle, .broken: true
        case .finished, .moved, .yielded, .timedOut, .cancelled, .unusable: false
        }
    }
}
