internal import Brigade
internal import Machine

/// The line that says how much is done at once, and what decided it.
struct PlanSentence {
    let plan: ConcurrencyPlan
    /// Where connections lead, as the line names it.
    let destination: String

    /// The line, without a line feed.
    var text: String {
        let amount =
            plan.wish.copies > 0
            ? "\(Quantity.count(plan.now.copies)) \(plan.now.copies == 1 ? "copy" : "copies") at a time"
            : "\(Quantity.counted(plan.now.fetchers, "page")) at a time"
        var connections = Quantity.counted(plan.now.connections, "connection")
        if plan.later.connections > plan.now.connections {
            connections += ", up to \(Quantity.count(plan.later.connections)) as ports come free"
        }
        switch plan.decision {
        case .wish: return "plan: \(amount), \(connections); \(allowance)"
        case .maximumConnections: return "plan: \(amount) over \(connections): --max-connections decides; \(allowance)"
        case .limit(let limit): return "plan: \(amount) over \(connections): \(reason(limit)) decide\(remedy(limit))"
        }
    }

    /// How much more there could be.
    private var allowance: String {
        guard let limit = plan.budget.binding, let count = limit.connections else {
            return "the machine sets no limit that is known"
        }
        return "the machine would allow \(Quantity.count(count)) (\(limit.kind.phrase))"
    }

    private func reason(_ limit: ConnectionLimit) -> String {
        let maximum = limit.maximum ?? 0
        let inUse = limit.inUse ?? 0
        let amount = Quantity.count(Int(clamping: maximum))
        let used = Quantity.count(Int(clamping: inUse))
        switch limit.kind {
        case .descriptors:
            return "\(amount) descriptors of this process (\(used) in use, \(limit.keptFree) kept for other use)"
        case .systemDescriptors: return "\(amount) open files of the whole system (\(used) in use)"
        case .localPorts:
            var details: [String] = []
            if inUse > 0 { details.append("\(used) in use") }
            if limit.comingFree > 0 {
                let waiting = Quantity.count(Int(clamping: limit.comingFree))
                details.append("\(waiting) of them in TIME_WAIT for a minute at most")
            }
            let note = details.isEmpty ? "" : " (\(details.joined(separator: ", ")))"
            return "\(amount) local ports to \(destination)\(note)"
        case .memory: return "\(ByteCount(bytes: maximum - inUse)) of memory that are left"
        case .controlGroupMemory:
            return "\(ByteCount(bytes: maximum)) of memory of the control group (\(ByteCount(bytes: inUse)) in use)"
        case .connectionTracking: return "\(amount) entries of the packet filter (\(used) in use)"
        }
    }

    private func remedy(_ limit: ConnectionLimit) -> String {
        switch limit.kind {
        case .descriptors: " (raise the hard limit: ulimit -Hn, LimitNOFILE=)"
        case .systemDescriptors: " (raise fs.file-max)"
        case .localPorts: " (use --source-address, or widen net.ipv4.ip_local_port_range)"
        case .memory: ""
        case .controlGroupMemory: " (raise the limit in \(limit.source))"
        case .connectionTracking: " (raise net.netfilter.nf_conntrack_max)"
        }
    }
}

extension ConnectionLimit.Kind {
    /// What limits, as tables and lines name it.
    var phrase: String {
        switch self {
        case .descriptors: "descriptors"
        case .systemDescriptors: "open files of the system"
        case .localPorts: "local ports"
        case .memory: "memory"
        case .controlGroupMemory: "memory of the control group"
        case .connectionTracking: "connection tracking"
        }
    }
}
