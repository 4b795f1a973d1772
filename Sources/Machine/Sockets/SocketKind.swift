/// Sockets other than TCP's that a table of the kernel's lists with their inodes (proc(5)).
public enum SocketKind: String, Sendable, Hashable, CaseIterable {
    /// UDP over IPv4 or IPv6; listed once it has a local port.
    case udp
    /// Local sockets, unix(7).
    case unix
    /// Netlink, netlink(7).
    case netlink

    /// The tables, as paths below the folder of a process.
    var tables: [String] {
        switch self {
        case .udp: ["net/udp", "net/udp6"]
        case .unix: ["net/unix"]
        case .netlink: ["net/netlink"]
        }
    }

    /// The column of the inode, counted from 0.
    private var inodeColumn: Int {
        switch self {
        case .udp, .netlink: 9
        case .unix: 6
        }
    }

    /// The inode that a line of a table gives, which is not its first; `nil` where the line has none.
    func inode(_ line: ArraySlice<UInt8>) -> UInt64? {
        let words = line.split(separator: UInt8(ascii: " "), maxSplits: inodeColumn + 1)
        guard words.count > inodeColumn else { return nil }
        return UInt64(String(decoding: words[inodeColumn], as: UTF8.self))
    }
}
