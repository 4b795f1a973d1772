public import SystemPackage

/// Something that the machine refused to the client, and that numbers of the machine can explain.
public struct SystemRefusal: Sendable, Hashable {
    /// What the kernel said: `EMFILE`, `ENFILE`, `EADDRNOTAVAIL`, `ENOBUFS` or `ENOMEM`.
    public var errno: Errno
    /// The remote address and port that were to be connected to; `nil` in a name lookup.
    public var remote: String?
    /// The local address that was to be bound to; `nil` where the kernel chooses.
    public var source: String?

    /// Describes a refusal.
    public init(errno: Errno, remote: String? = nil, source: String? = nil) {
        self.errno = errno
        self.remote = remote
        self.source = source
    }
}
