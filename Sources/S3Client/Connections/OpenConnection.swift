/// A connection that is open now.
public struct OpenConnection: Sendable, Hashable {
    /// Its own end, as `192.0.2.9:40000`.
    public var local: String
    /// The other end.
    public var remote: String
    /// How long it has been open.
    public var age: Duration
    /// Requests that were answered on it.
    public var requests: Int
    /// Whether a request is under way on it.
    public var isInUse: Bool
}
