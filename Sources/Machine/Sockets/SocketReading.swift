/// What a walk over the kernel's sockets gave, and how.
public struct SocketReading<Value> {
    /// What was made of the sockets.
    public var value: Value
    /// Who told of them.
    public var source: SocketSource
    /// Whether the kernel said, at several attempts, that its tables changed under the walk.
    ///
    /// A few sockets may be missing or counted twice then. `/proc/net/tcp` never says so, though the same can happen
    /// there.
    public var wasInterrupted: Bool

    /// Creates a reading from its parts.
    public init(value: Value, source: SocketSource, wasInterrupted: Bool) {
        self.value = value
        self.source = source
        self.wasInterrupted = wasInterrupted
    }
}

extension SocketReading: Sendable where Value: Sendable {}
