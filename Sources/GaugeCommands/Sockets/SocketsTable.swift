import Machine

/// The sockets as blocks of columns.
struct SocketsTable {
    private let report: SocketsReport
    private let top: Int

    /// Renders a report, with so many remote addresses in each direction at most.
    init(_ report: SocketsReport, top: Int) {
        self.report = report
        self.top = top
    }

    /// The blocks with an empty line between them, each line ended; empty for a report of nothing.
    var text: String {
        [processes, states, outgoing, incoming, ports, kernel, settings].compactMap { $0 }.joined(separator: "\n")
    }

    private var processes: String? {
        guard let sockets = report.processSockets else { return nil }
        let names = report.processes.map { "\($0.id) \($0.name.printable)" }.joined(separator: ", ")
        let kinds = SocketKind.allCases.map { "\(sockets.others[$0] ?? 0) \($0)" }.joined(separator: ", ")
        var text = "\(report.processes.count == 1 ? "PROCESS" : "PROCESSES") \(names)\n"
        text +=
            "  \(sockets.descriptors) descriptors of sockets; other than TCP: \(kinds), \(sockets.unlisted) unlisted\n"
        guard !sockets.tcp.isEmpty else { return text }
        let rows = sockets.tcp.prefix(top).map { socket in
            [
                "  \(socket.local)", socket.remote?.description ?? "-", "\(socket.state)", "\(socket.receiveQueue)",
                "\(socket.sendQueue)",
            ]
        }
        let header = ["  local", "remote", "state", "receive queue", "send queue"]
        return text + TextColumns(rows: [header] + rows, left: [0, 1, 2]).text + cut(sockets.tcp.count, "sockets")
    }

    private var states: String? {
        guard let survey = report.survey else { return nil }
        let counts = survey.selected.states
        let title = report.isFiltered ? "TCP SOCKETS SELECTED" : "TCP SOCKETS"
        var rows = TCPState.allCases.filter { counts[$0] > 0 }.map { ["  \($0)", "\(counts[$0])"] }
        rows.append(["  total", "\(counts.total)"])
        let note = survey.wasInterrupted ? "; they changed meanwhile, so a few may be missing or told twice" : ""
        return "\(title), read from \(survey.source)\(note)\n" + TextColumns(rows: rows).text
    }

    private var outgoing: String? {
        let ways = report.outgoing
        guard !ways.isEmpty else { return nil }
        let header = [
            "OUTGOING to", "from", "sockets", "established", "time-wait", "other", "ports used", "ports left",
        ]
        let rows = ways.prefix(top).map { way in
            ["  \(way.remote)", "\(way.local)"] + amounts(way.states)
                + ["\(way.portsInUse)", way.portsLeft.map { "\($0)" } ?? "unknown"]
        }
        return TextColumns(rows: [header] + rows, left: [0, 1]).text + cut(ways.count, "ways")
    }

    private var incoming: String? {
        let sources = report.incoming
        guard !sources.isEmpty else { return nil }
        let header = ["INCOMING from", "to port", "sockets", "established", "time-wait", "other"]
        let rows = sources.prefix(top).map { ["  \($0.remote)", "\($0.port)"] + amounts($0.states) }
        return TextColumns(rows: [header] + rows).text + cut(sources.count, "addresses and ports")
    }

    private var ports: String? {
        guard let survey = report.survey, let range = survey.range, let available = survey.availablePorts else {
            return nil
        }
        let reserved = range.range.count - range.usableCount
        return "LOCAL PORTS\n"
            + TextColumns(
                rows: [
                    ["  range \(range.range.lowerBound) to \(range.range.upperBound)", "\(range.range.count)"],
                    ["  reserved", "\(reserved)"],
                    ["  listened on or bound", "\(range.usableCount - available)"],
                    ["  for each remote address and port", "\(available)"],
                ]
            ).text
    }

    private var kernel: String? {
        var rows: [[String]] = []
        func add(_ name: String, _ used: String, limit: String = "-", share: Double? = nil, _ source: String) {
            rows.append(["  " + name, used, limit, share.map(\.percentage) ?? "-", source])
        }
        if let statistics = report.statistics {
            add("sockets of all kinds", "\(statistics.sockets)", "sockstat")
            let maximum = report.settings?.maximumTimeWait
            add(
                "time-wait",
                "\(statistics.timeWait)",
                limit: maximum.map { "\($0)" } ?? "-",
                share: maximum.flatMap { share(statistics.timeWait, $0) },
                maximum == nil ? "sockstat" : "sockstat, tcp_max_tw_buckets"
            )
            add("tcp, machine", "\(statistics.tcpAllocated)", "sockstat")
            add("orphaned, machine", "\(statistics.orphaned)", "sockstat")
            let memory = report.settings?.memory?.maximum
            add(
                "tcp memory, machine",
                "\(statistics.tcpMemory)",
                limit: memory.map { "\($0)" } ?? "-",
                share: memory.flatMap { share(statistics.tcpMemory.bytes, $0.bytes) },
                memory == nil ? "sockstat" : "sockstat, tcp_mem"
            )
        }
        switch report.tracking {
        case .present(let tracking):
            add(
                "tracked connections",
                "\(tracking.count)",
                limit: "\(tracking.maximum)",
                share: share(tracking.count, tracking.maximum),
                "nf_conntrack_count, nf_conntrack_max"
            )
        case .absent: add("tracked connections", "none", "nf_conntrack is not present")
        case nil: break
        }
        guard !rows.isEmpty else { return nil }
        return TextColumns(rows: [["KERNEL", "in use", "limit", "used", "read from"]] + rows, left: [0, 4]).text
    }

    private var settings: String? {
        guard let settings = report.settings else { return nil }
        let reuse = settings.timestamps ? "" : " (but not without tcp_timestamps)"
        return "SETTINGS\n"
            + TextColumns(
                rows: [
                    [
                        "  tcp_tw_reuse", "\(settings.timeWaitReuse)\(reuse)",
                        "ports taken back from time-wait to connect",
                    ],
                    ["  tcp_timestamps", settings.timestamps ? "on" : "off", "needed for that, on both sides"],
                    [
                        "  tcp_fin_timeout", "\(settings.finTimeout.components.seconds) s",
                        "fin-wait-2; not time-wait: 60 s",
                    ],
                    ["  somaxconn", "\(settings.maximumBacklog)", "connections waiting to be accepted, at most"],
                ],
                left: [0, 1, 2]
            ).text
    }

    private func amounts(_ counts: SocketStateCounts) -> [String] {
        let (established, timeWait) = (counts[.established], counts[.timeWait])
        return [counts.total, established, timeWait, counts.total - established - timeWait].map { "\($0)" }
    }

    /// Says how many rows were left out, if any.
    private func cut(_ count: Int, _ what: String) -> String {
        count > top ? "  \(top) of \(count) \(what) shown; --top \(count) shows all\n" : ""
    }

    private func share(_ used: UInt64, _ limit: UInt64) -> Double? {
        limit > 0 ? Double(used) / Double(limit) : nil
    }
}
