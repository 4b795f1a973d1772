/// Who told of the sockets.
public enum SocketSource: Sendable, Hashable, CustomStringConvertible {
    /// Netlink, sock_diag(7): binary, and the kernel leaves out the states that are not asked for.
    case netlink
    /// The text of `/proc/net/tcp` and `tcp6` (proc(5)): where netlink is not allowed, and for other network namespaces.
    case files

    /// The source as reports name it: `sock_diag(7)`, `/proc/net/tcp`.
    public var description: String {
        switch self {
        case .netlink: "sock_diag(7)"
        case .files: "/proc/net/tcp"
        }
    }
}
