/// What a Linux 6.18 said of its sockets, byte for byte.
public enum CapturedSockets {
    /// The answer to a sock_diag(7) request with the number 1 for IPv4, one message an element: a socket that listens on
    /// 127.0.0.1:5000, one that is bound to 127.0.0.3:40005, the connection from 127.0.0.1:40002 as its server (with 300
    /// bytes to read) and its client have it, one in TIME_WAIT from port 40003, and the end.
    public static let ipv4: [[UInt8]] = [
        """
        7c000000140002000100000070670000020a0000138800007f0000010000000000000000000000000000000000000000000000000000000000\
        0000002e00000000000000000000000000000064000000000000009a253600050008000000000008000f00000000000c001500010000000000\
        00000600160052000000
        """,
        """
        7c000000140002000100000070670000020700009c4500007f0000030000000000000000000000000000000000000000000000000000000000\
        0000002f0000000000000000000000000000000000000000000000a3253600050008000000000008000f00000000000c001500010000000000\
        00000600160052000000
        """,
        """
        7c0000001400020001000000706700000201000013889c427f0000010000000000000000000000007f00000100000000000000000000000000\
        0000003000000000000000000000002c0100000000000000000000a1253600050008000000000008000f00000000000c001500010000000000\
        00000600160052000000
        """,
        """
        7c000000140002000100000070670000020100009c4213887f0000010000000000000000000000007f00000100000000000000000000000000\
        0000003200000000000000000000000000000000000000000000009e253600050008000000000008000f00000000000c001500010000000000\
        00000600160052000000
        """,
        """
        60000000140002000100000070670000020603009c4313887f0000010000000000000000000000007f00000100000000000000000000000000\
        000000330000000000000094e900000000000000000000000000000000000008000f0000000000
        """,
        "1400000003000200010000007067000000000000",
    ].map(bytes)

    /// The same for IPv6: a socket that listens on port 8333 of all addresses, a connection from [::1]:40001 to it, and
    /// one from [::ffff:127.0.0.1]:40000 to [::ffff:127.0.0.1]:5000; without the end.
    public static let ipv6: [[UInt8]] = [
        """
        840000001400020001000000706700000a0a0000208d0000000000000000000000000000000000000000000000000000000000000000000000\
        0000003400000000000000000000000100000064000000000000009b253600050008000000000005000b000000000008000f00000000000c00\
        15000100000000000000\
        0600160012000000
        """,
        """
        7c0000001400020001000000706700000a0100009c41208d000000000000000000000000000000010000000000000000000000000000000100\
        0000003500000000000000000000000000000000000000000000009d253600050008000000000008000f00000000000c001500010000000000\
        00000600160012000000
        """,
        """
        7c0000001400020001000000706700000a0100009c40138800000000000000000000ffff7f00000100000000000000000000ffff7f00000100\
        0000003600000000000000000000000000000000000000000000009c253600050008000000000008000f00000000000c001500010000000000\
        00000600160012000000
        """,
    ].map(bytes)

    /// The text of `/proc/net/tcp` at the same moment; a socket that is bound and no more is not in it.
    public static let tcp = """
          sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode                                                     
           0: 0100007F:1388 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 3548570 1 0000000020dbb173 100 0 0 10 0                   
           1: 0100007F:1388 0100007F:9C42 01 00000000:0000012C 00:00000000 00000000     0        0 3548577 1 00000000a03086c7 20 4 30 10 -1                  
           2: 0100007F:1388 0100007F:9C40 01 00000000:00000000 00:00000000 00000000     0        0 3548576 1 00000000ac1fecb2 20 0 0 10 -1                   
           3: 0100007F:9C42 0100007F:1388 01 00000000:00000000 00:00000000 00000000  1000        0 3548574 2 000000003d51977a 20 0 0 11 -1                   
           4: 0100007F:9C43 0100007F:1388 06 00000000:00000000 03:0000175B 00000000     0        0 0 3 00000000bd33703a                                      

        """

    /// The text of `/proc/net/tcp6` at the same moment.
    public static let tcp6 = """
          sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
           0: 00000000000000000000000000000000:208D 00000000000000000000000000000000:0000 0A 00000000:00000001 00:00000000 00000000     0        0 3548571 2 00000000f0b2c39c 100 0 0 10 0
           1: 00000000000000000000000001000000:9C41 00000000000000000000000001000000:208D 01 00000000:00000000 00:00000000 00000000     0        0 3548573 2 00000000bcbf0987 20 0 0 10 -1
           2: 0000000000000000FFFF00000100007F:9C40 0000000000000000FFFF00000100007F:1388 01 00000000:00000000 00:00000000 00000000     0        0 3548572 2 00000000687b6eb9 20 0 0 10 -1
           3: 00000000000000000000000001000000:208D 00000000000000000000000001000000:9C41 01 00000000:00000000 00:00000000 00000000     0        0 0 1 00000000cd402555 20 0 0 10 -1

        """

    /// The text of `/proc/net/udp`.
    public static let udp = """
           sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops            
         3911: 0100007F:0035 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 3548601 2 000000009ce3fa16 0       

        """

    /// The text of `/proc/net/unix`, in part.
    public static let unix = """
        Num       RefCount Protocol Flags    Type St Inode Path
        000000001cf8de95: 00000003 00000000 00000000 0001 03 3548602
        000000005955e563: 00000003 00000000 00000000 0001 03  1677 /run/a b

        """

    /// The text of `/proc/net/netlink`, in part.
    public static let netlink = """
        sk               Eth Pid        Groups   Rmem     Wmem     Dump  Locks    Drops    Inode
        000000007e588c3f 4   26480      00000000 0        0        0     2        0        3548599 

        """

    /// The text of `/proc/net/sockstat`.
    public static let sockstat = """
        sockets: used 11
        TCP: inuse 4 orphan 2 tw 1 alloc 12 mem 111
        UDP: inuse 0 mem 0
        UDPLITE: inuse 0
        RAW: inuse 0
        FRAG: inuse 0 memory 0

        """

    /// The text of `/proc/net/sockstat6`.
    public static let sockstat6 = """
        TCP6: inuse 4
        UDP6: inuse 0
        UDPLITE6: inuse 0
        RAW6: inuse 0
        FRAG6: inuse 0 memory 0

        """

    /// All that `gauge sockets` reads, with a process 4711 that has the client's sockets and others.
    public static let tree = [
        "proc/self/net/tcp": tcp, "proc/self/net/tcp6": tcp6,
        "proc/self/net/sockstat": sockstat, "proc/self/net/sockstat6": sockstat6,
        "proc/4711/net/tcp": tcp, "proc/4711/net/tcp6": tcp6,
        "proc/4711/net/udp": udp, "proc/4711/net/unix": unix, "proc/4711/net/netlink": netlink,
        "proc/4711/net/sockstat": sockstat,
        "proc/4711/status": CapturedText.status, "proc/4711/comm": "gauge (x): y\n",
        "proc/4711/cmdline": "/bin/gauge\0x\0",
        "proc/sys/net/ipv4/ip_local_port_range": "40000\t40009\n",
        "proc/sys/net/ipv4/ip_local_reserved_ports": "40008-40020\n",
        "proc/sys/net/ipv4/tcp_tw_reuse": "2\n", "proc/sys/net/ipv4/tcp_timestamps": "1\n",
        "proc/sys/net/ipv4/tcp_max_tw_buckets": "131072\n", "proc/sys/net/ipv4/tcp_fin_timeout": "60\n",
        "proc/sys/net/ipv4/tcp_mem": "287898\t383867\t575796\n", "proc/sys/net/core/somaxconn": "4096\n",
        "proc/sys/net/netfilter/nf_conntrack_count": "12\n", "proc/sys/net/netfilter/nf_conntrack_max": "262144\n",
    ]

    /// The links that belong to ``tree``.
    public static let links = [
        "proc/self/ns/net": "net:[4026531840]", "proc/4711/ns/net": "net:[4026531840]",
        "proc/4711/exe": "/opt/tool (deleted)", "proc/4711/fd/0": "/dev/null",
        "proc/4711/fd/3": "socket:[3548574]", "proc/4711/fd/4": "socket:[3548574]",
        "proc/4711/fd/5": "socket:[3548572]", "proc/4711/fd/6": "socket:[3548601]",
        "proc/4711/fd/7": "socket:[3548602]", "proc/4711/fd/8": "socket:[1677]",
        "proc/4711/fd/9": "socket:[3548599]", "proc/4711/fd/10": "socket:[99]",
        "proc/4711/fd/11": "anon_inode:[eventpoll]",
    ]

    private static func bytes(_ hex: String) -> [UInt8] {
        let digits = hex.utf8.map { $0 <= UInt8(ascii: "9") ? $0 - UInt8(ascii: "0") : $0 - UInt8(ascii: "a") + 10 }
        return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
    }
}
