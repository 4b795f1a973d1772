/// One limit that the kernel keeps for a process (getrlimit(2)).
public struct ResourceLimit: Sendable, Hashable {
    /// What the kernel enforces now.
    public var soft: Ceiling
    /// What an unprivileged process may raise the soft limit to.
    public var hard: Ceiling

    /// Creates a limit.
    public init(soft: Ceiling, hard: Ceiling) {
        self.soft = soft
        self.hard = hard
    }
}
