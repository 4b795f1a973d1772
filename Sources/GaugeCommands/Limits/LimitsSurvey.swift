import Machine

/// Asks all probes that know a limit, and goes on where one fails.
struct LimitsSurvey {
    /// The process whose limits are wanted.
    var process: ProcessReference
    /// Where the kernel's files are.
    var files = KernelFiles()

    /// What the probes give at this moment.
    func report() -> LimitsReport {
        var report = LimitsReport()
        // Without its limits the process does not exist, and every other probe of it would only say so again.
        if let limits = report.attempt({ () throws(MachineError) in try ResourceLimits.read(process, in: files) }) {
            addProcess(limits, to: &report)
            addControlGroup(to: &report)
        }
        addSystem(to: &report)
        return report
    }

    private func addProcess(_ limits: ResourceLimits, to report: inout LimitsReport) {
        let status = report.attempt { () throws(MachineError) in try ProcessStatus.read(process, in: files) }
        report.process = status.map { LimitsReport.Process(id: $0.id, name: $0.name) }
        for resource in Resource.allCases {
            let limit = limits[resource]
            report.entries.append(
                LimitEntry(
                    name: resource.reportName,
                    scope: .process,
                    unit: resource.unit,
                    soft: .init(limit.soft),
                    hard: .init(limit.hard),
                    inUse: report.attempt { () throws(MachineError) in try use(of: resource, status) } ?? nil,
                    source: ResourceLimits.path(process, in: files)
                )
            )
        }
        if let count = report.attempt({ () throws(MachineError) in try Processors.available(process) }) {
            let source = "sched_getaffinity(2)"
            report.add("processors", .process, .processors, limit: .count(UInt64(count)), source: source)
        }
    }

    private func use(
        of resource: Resource,
        _ status: ProcessStatus?
    ) throws(MachineError) -> LimitEntry.Amount? {
        switch resource {
        case .processorTime:
            let times = try ProcessTimes.read(process, in: files)
            return .fraction((times.user + times.system) / .seconds(1))
        case .openFiles:
            return .count(UInt64(try DescriptorUse.count(process, in: files)))
        case .processes:
            guard let status else { return nil }
            return .count(try UserThreads.count(realUserID: status.realUserID, in: files))
        case .pendingSignals: return status.map { .count($0.queuedSignals) }
        case .dataSize: return status?.data.map { .init($0) }
        case .stackSize: return status?.stack.map { .init($0) }
        case .residentSet: return status?.resident.map { .init($0) }
        case .lockedMemory: return status?.lockedMemory.map { .init($0) }
        case .addressSpace: return status?.virtualMemory.map { .init($0) }
        case .fileSize, .coreFileSize, .fileLocks, .messageQueues, .nicePriority, .realtimePriority,
            .realtimeTimeout:
            return nil
        }
    }

    private func addControlGroup(to report: inout LimitsReport) {
        guard
            let limits = report.attempt({ () throws(MachineError) in try ControlGroupLimits.read(process, in: files) })
        else { return }
        let unlimited = ControlGroupLimits.path(process, in: files)
        let (memory, threads) = (limits.memory, limits.threads)
        report.add(
            "memory",
            .controlGroup,
            .bytes,
            limit: memory.map { .init($0.maximum) } ?? .unlimited,
            inUse: memory.map { .init($0.inUse) },
            source: memory?.path ?? unlimited
        )
        report.add(
            "threads",
            .controlGroup,
            .threads,
            limit: threads.map { .count($0.maximum) } ?? .unlimited,
            inUse: threads.map { .count($0.inUse) },
            source: threads?.path ?? unlimited
        )
        report.add(
            "processors",
            .controlGroup,
            .processors,
            limit: limits.processors.map { .fraction($0.processors) } ?? .unlimited,
            source: limits.processors?.path ?? unlimited
        )
    }

    private func addSystem(to report: inout LimitsReport) {
        if let descriptors = report.attempt({ () throws(MachineError) in try SystemDescriptors.read(in: files) }) {
            report.add(
                "open-files",
                .system,
                .files,
                limit: .count(descriptors.maximum),
                inUse: .count(descriptors.inUse),
                source: SystemDescriptors.path(in: files)
            )
            report.add(
                "open-files-per-process",
                .system,
                .files,
                limit: .count(descriptors.maximumPerProcess),
                source: SystemDescriptors.perProcessPath(in: files)
            )
        }
        if let ports = report.attempt({ () throws(MachineError) in try LocalPortRange.read(in: files) }) {
            let usable = LimitEntry.Amount.count(UInt64(ports.usableCount))
            report.add("local-ports", .system, .ports, limit: usable, source: LocalPortRange.path(in: files))
        }
        if let memory = report.attempt({ () throws(MachineError) in try SystemMemory.read(in: files) }) {
            let (total, available) = (memory.total.bytes, memory.available.bytes)
            report.add(
                "memory",
                .system,
                .bytes,
                limit: .count(total),
                inUse: available <= total ? .count(total - available) : nil,
                source: SystemMemory.path(in: files)
            )
        }
    }
}
