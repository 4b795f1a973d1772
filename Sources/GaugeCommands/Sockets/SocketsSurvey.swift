import Machine

/// Asks all probes that know of sockets, and goes on where one fails.
struct SocketsSurvey {
    /// Whose sockets are wanted.
    enum Subject: Hashable {
        /// All of this process's network.
        case network
        /// One process's.
        case process(Int32)
        /// Those of all processes of a name.
        case named(String)
    }

    /// Whose sockets are wanted.
    var subject = Subject.network
    /// Which of them.
    var filter = SocketFilter()
    /// Where the kernel's files are.
    var files = KernelFiles()

    /// What the probes give at this moment.
    func report() -> SocketsReport {
        var report = SocketsReport(isFiltered: !filter.isOpen || subject != .network)
        guard let processes = processes(&report) else { return report }
        let network = processes.first ?? .current
        var selection = filter
        if !processes.isEmpty {
            guard
                let reading = report.attempt({ () throws(MachineError) in
                    try ProcessSockets.read(processes, in: files)
                })
            else { return report }
            selection.inodes = Set(reading.value.tcp.compactMap(\.inode))
            report.processSockets = reading.value
            report.processSockets?.tcp.removeAll { !selection.contains($0) }
        }
        let wanted = selection
        let isSelected: ((TCPSocket) -> Bool)? = wanted.isOpen ? nil : { wanted.contains($0) }
        report.survey = report.attempt { () throws(MachineError) in
            try SocketSurvey.read(of: network, in: files, selecting: isSelected)
        }
        report.statistics = report.attempt { () throws(MachineError) in try SocketStatistics.read(network, in: files) }
        guard files.isSameNetwork(network) else {
            report.failures.append(
                "process \(network) is in another network namespace, or its own cannot be known: the kernel shows the "
                    + "settings and local ports of a network only to processes in it (run gauge with nsenter --net)"
            )
            return report
        }
        if let tracking = report.attempt({ () throws(MachineError) in try ConnectionTracking.read(in: files) }) {
            report.tracking = tracking.map { .present($0) } ?? .absent
        }
        report.settings = report.attempt { () throws(MachineError) in try TCPSettings.read(in: files) }
        return report
    }

    /// The processes that are meant, all of one network; empty for all of the network, `nil` where there is none.
    private func processes(_ report: inout SocketsReport) -> [ProcessReference]? {
        var ids: [Int32] = []
        switch subject {
        case .network: return []
        case .process(let id): ids = [id]
        case .named(let name):
            guard
                let found = report.attempt({ () throws(MachineError) in try ProcessSearch.named(name, in: files) })
            else { return nil }
            // One that has ended meanwhile is not there, and that is no failure.
            ids = found.filter { (try? ProcessStatus.read(.id($0), in: files)) != nil }
            if ids.isEmpty { report.failures.append("no process is called \(name.printable)") }
        }
        for id in ids {
            let status = report.attempt { () throws(MachineError) in try ProcessStatus.read(.id(id), in: files) }
            guard let status else { continue }
            if let first = report.processes.first, !files.isSameNetwork(.id(id), .id(first.id)) {
                report.failures.append("process \(id) is not in the network namespace of process \(first.id): left out")
                continue
            }
            report.processes.append(SocketsReport.Process(id: id, name: status.name))
        }
        return report.processes.isEmpty ? nil : report.processes.map { .id($0.id) }
    }
}
