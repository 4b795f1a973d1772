import Machine

/// The sockets as one JSON object, all of whose fields are always there; null for what is not known.
///
/// - `processes` (`id`, `name`) and `processSockets` (`descriptors`, `tcp`, `tcpCount`, `udp`, `unix`, `netlink`,
///   `unlisted`; null without processes). A socket of `tcp` has `state`, `local`, `remote`, `user`, `inode`,
///   `receiveQueue` and `sendQueue`.
/// - `source`, `interrupted`, `total` and `states` (a count for each state) of the sockets that were asked for.
/// - `outgoing`: `remote`, `local`, `total`, `states`, `portsUsed`, `portsLeft`; `incoming`: `remote`, `port`, `total`,
///   `states`; both cut to what was asked for at most, with `outgoingCount` and `incomingCount` of all.
/// - `localPorts`: `first`, `last`, `reserved`, `bound`, `available`.
/// - `sockstat`: `sockets`, `tcp`, `tcp6`, `timeWait`, `orphaned`, `allocated`, `memoryBytes`.
/// - `conntrack`: `present`, `count`, `maximum`; null where it is not known.
/// - `settings`: `tcpTimeWaitReuse` (0, 1, 2), `tcpTimestamps`, `tcpMaximumTimeWait`, `tcpFinTimeoutSeconds`,
///   `maximumBacklog`, `tcpMemoryBytes` (three amounts, or null).
/// - `failures`: sentences.
struct SocketsDocument {
    private let report: SocketsReport
    private let top: Int

    /// Renders a report, with so many remote addresses in each direction and sockets of processes at most.
    init(_ report: SocketsReport, top: Int) {
        self.report = report
        self.top = top
    }

    /// The object, indented, with its fields in alphabetical order.
    func json() throws -> String {
        try JSONDocument.encoded(object)
    }

    private var object: JSONValue {
        var fields: [String: JSONValue] = [:]
        fields["processes"] = .array(report.processes.map { ["id": .number(Int($0.id)), "name": .string($0.name)] })
        fields["processSockets"] = .optional(report.processSockets, processSockets)
        let survey = report.survey
        fields["source"] = .optional(survey) { .string("\($0.source)") }
        fields["interrupted"] = .optional(survey) { .bool($0.wasInterrupted) }
        fields["total"] = .optional(survey) { .number($0.selected.states.total) }
        fields["states"] = .optional(survey) { states($0.selected.states) }
        fields["outgoing"] = .optional(survey) { _ in .array(report.outgoing.prefix(top).map(outgoing)) }
        fields["outgoingCount"] = .optional(survey) { .number($0.selected.outgoing.count) }
        fields["incoming"] = .optional(survey) { _ in .array(report.incoming.prefix(top).map(incoming)) }
        fields["incomingCount"] = .optional(survey) { .number($0.selected.incoming.count) }
        fields["localPorts"] = .optional(survey, localPorts)
        fields["sockstat"] = .optional(report.statistics, statistics)
        fields["conntrack"] = .optional(report.tracking, tracking)
        fields["settings"] = .optional(report.settings, settings)
        fields["failures"] = .array(report.failures.map { .string($0) })
        return .object(fields)
    }

    private func processSockets(_ sockets: ProcessSockets) -> JSONValue {
        var fields: [String: JSONValue] = [
            "descriptors": .number(sockets.descriptors),
            "tcp": .array(sockets.tcp.prefix(top).map(socket)),
            "tcpCount": .number(sockets.tcp.count),
            "unlisted": .number(sockets.unlisted),
        ]
        for kind in SocketKind.allCases { fields[kind.rawValue] = .number(sockets.others[kind] ?? 0) }
        return .object(fields)
    }

    private func socket(_ socket: TCPSocket) -> JSONValue {
        [
            "state": .string("\(socket.state)"),
            "local": .string("\(socket.local)"),
            "remote": .optional(socket.remote) { .string("\($0)") },
            "user": .optional(socket.userID) { .number(Int($0)) },
            "inode": .optional(socket.inode) { .amount($0) },
            "receiveQueue": .number(Int(socket.receiveQueue)),
            "sendQueue": .number(Int(socket.sendQueue)),
        ]
    }

    private func states(_ counts: SocketStateCounts) -> JSONValue {
        .object(Dictionary(uniqueKeysWithValues: TCPState.allCases.map { ("\($0)", .number(counts[$0])) }))
    }

    private func outgoing(_ way: SocketsReport.Way) -> JSONValue {
        [
            "remote": .string("\(way.remote)"),
            "local": .string("\(way.local)"),
            "total": .number(way.states.total),
            "states": states(way.states),
            "portsUsed": .number(way.portsInUse),
            "portsLeft": .optional(way.portsLeft) { .number($0) },
        ]
    }

    private func incoming(_ source: SocketsReport.Source) -> JSONValue {
        [
            "remote": .string("\(source.remote)"),
            "port": .number(Int(source.port)),
            "total": .number(source.states.total),
            "states": states(source.states),
        ]
    }

    private func localPorts(_ survey: SocketSurvey) -> JSONValue {
        guard let range = survey.range, let available = survey.availablePorts else { return .null }
        return [
            "first": .number(Int(range.range.lowerBound)),
            "last": .number(Int(range.range.upperBound)),
            "reserved": .number(range.range.count - range.usableCount),
            "bound": .number(range.usableCount - available),
            "available": .number(available),
        ]
    }

    private func statistics(_ statistics: SocketStatistics) -> JSONValue {
        [
            "sockets": .amount(statistics.sockets),
            "tcp": .amount(statistics.tcpInUse),
            "tcp6": .optional(statistics.tcp6InUse) { .amount($0) },
            "timeWait": .amount(statistics.timeWait),
            "orphaned": .amount(statistics.orphaned),
            "allocated": .amount(statistics.tcpAllocated),
            "memoryBytes": .amount(statistics.tcpMemory.bytes),
        ]
    }

    private func tracking(_ tracking: SocketsReport.Tracking) -> JSONValue {
        switch tracking {
        case .present(let use):
            ["present": .bool(true), "count": .amount(use.count), "maximum": .amount(use.maximum)]
        case .absent: ["present": .bool(false), "count": .null, "maximum": .null]
        }
    }

    private func settings(_ settings: TCPSettings) -> JSONValue {
        [
            "tcpTimeWaitReuse": .amount(settings.timeWaitReuse.rawValue),
            "tcpTimestamps": .bool(settings.timestamps),
            "tcpMaximumTimeWait": .amount(settings.maximumTimeWait),
            "tcpFinTimeoutSeconds": .number(Int(settings.finTimeout.components.seconds)),
            "maximumBacklog": .amount(settings.maximumBacklog),
            "tcpMemoryBytes": .optional(settings.memory) {
                .array([$0.low, $0.pressure, $0.maximum].map { .amount($0.bytes) })
            },
        ]
    }
}
