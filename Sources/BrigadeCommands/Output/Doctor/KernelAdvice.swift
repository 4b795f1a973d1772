internal import Machine

/// The settings of the kernel's that matter to a job, each with what it does and what it does not do.
///
/// Sources: ip-sysctl and nf_conntrack-sysctl of the kernel's documentation, RFC 6191, and commit 4396e46187ca
/// ("tcp: remove tcp_tw_recycle", Linux 4.12).
struct KernelAdvice {
    var ports: Result<LocalPortRange, MachineError>
    var settings: Result<TCPSettings, MachineError>
    var tracking: Result<ConnectionTracking?, MachineError>
    /// The connections in TIME_WAIT, of all programs in this network; `nil` where they are not known.
    var timeWait: UInt64?

    /// Reads the settings of this process's network.
    init(in files: KernelFiles = KernelFiles()) {
        func attempt<Value>(_ probe: () throws(MachineError) -> Value) -> Result<Value, MachineError> {
            do throws(MachineError) { return .success(try probe()) } catch { return .failure(error) }
        }
        ports = attempt { () throws(MachineError) in try LocalPortRange.read(in: files) }
        settings = attempt { () throws(MachineError) in try TCPSettings.read(in: files) }
        tracking = attempt { () throws(MachineError) in try ConnectionTracking.read(in: files) }
        timeWait = (try? SocketStatistics.read(in: files))?.timeWait
    }

    /// What there is to say, a setting each.
    var entries: [DoctorReport.Setting] {
        [
            .init(name: "net.ipv4.ip_local_port_range", value: value(ports, Self.text), advice: Self.portRange),
            .init(name: "net.ipv4.tcp_tw_reuse", value: value(settings, Self.reuse), advice: Self.timeWaitReuse),
            .init(name: "net.ipv4.tcp_tw_recycle", value: "does not exist", advice: Self.timeWaitRecycle),
            .init(
                name: "net.ipv4.tcp_fin_timeout",
                value: value(settings) { "\($0.finTimeout.components.seconds) s" },
                advice: Self.finTimeout
            ),
            .init(
                name: "net.ipv4.tcp_max_tw_buckets",
                value: value(settings) { settings in
                    Quantity.count(Int(clamping: settings.maximumTimeWait))
                        + (timeWait.map { "; \(Quantity.counted(Int(clamping: $0), "connection")) in TIME_WAIT now" }
                            ?? "")
                },
                advice: Self.timeWaitMaximum
            ),
            .init(
                name: "net.core.somaxconn",
                value: value(settings) { Quantity.count(Int(clamping: $0.maximumBacklog)) },
                advice: Self.backlog
            ),
            .init(
                name: "net.netfilter.nf_conntrack_max",
                value: value(tracking) { tracking in
                    tracking.map { Quantity.count(Int(clamping: $0.maximum)) } ?? "does not exist"
                },
                advice: Self.connectionTracking
            ),
        ]
    }

    private func value<Reading>(_ reading: Result<Reading, MachineError>, _ text: (Reading) -> String) -> String {
        switch reading {
        case .success(let value): text(value)
        case .failure(let error): "not known: \(error)"
        }
    }

    private static func text(_ ports: LocalPortRange) -> String {
        let reserved = ports.range.count - ports.usableCount
        return "\(ports.range.lowerBound) to \(ports.range.upperBound): \(Quantity.count(ports.usableCount)) ports"
            + (reserved > 0 ? ", \(Quantity.count(reserved)) more are reserved" : "")
    }

    private static func reuse(_ settings: TCPSettings) -> String {
        "\(settings.timeWaitReuse.rawValue): \(settings.timeWaitReuse)\(settings.timestamps ? "" : "; without effect, since net.ipv4.tcp_timestamps is 0")"
    }

    private static let portRange = """
        As many connections as this has ports can lead from one local address to one remote address and port. More \
        addresses at either end multiply them; a wider range adds to them (put the ports that services listen on into \
        net.ipv4.ip_local_reserved_ports). brigade keeps its connections, and so needs as many ports as it has \
        connections, however many objects there are.
        """

    private static let timeWaitReuse = """
        1 lets a new outgoing connection take over a local port that has been in TIME_WAIT for a second, towards the \
        same address and port, if both sides send timestamps; 2, the default, does so on the loopback device only. It \
        shortens no TIME_WAIT, and does nothing for connections that come in. brigade leaves none in TIME_WAIT; for \
        other programs that open a connection for every request, keeping connections helps at once, and this a little.
        """

    private static let timeWaitRecycle = """
        Linux 4.12 took it away; advice to set it is older. It refused connections whose timestamps went back, which \
        those of several machines behind one NAT address do.
        """

    private static let finTimeout = """
        How long a connection that no program has open any more waits for the other side's end (FIN_WAIT_2). It is not \
        the length of TIME_WAIT: that is 60 s, and no setting changes it.
        """

    private static let timeWaitMaximum = """
        Beyond so many, connections in TIME_WAIT are ended early. A low value gives ports back sooner, and lets late \
        segments of an old connection fall into a new one: not a way to get ports.
        """

    private static let backlog = """
        How many connections may wait until a server accepts them: a matter of servers, without effect on a client \
        such as brigade.
        """

    private static let connectionTracking = """
        How many connections the packet filter can keep track of, each until minutes after its end. When the table is \
        full, new connections time out, and the kernel's log says "nf_conntrack: table full, dropping packet". Where it \
        does not exist, connections are not tracked.
        """
}
