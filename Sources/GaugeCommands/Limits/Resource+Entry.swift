import Machine

extension Resource {
    /// The name in reports.
    var reportName: String {
        switch self {
        case .processorTime: "processor-time"
        case .fileSize: "file-size"
        case .dataSize: "data-size"
        case .stackSize: "stack-size"
        case .coreFileSize: "core-file-size"
        case .residentSet: "resident-set"
        case .processes: "processes"
        case .openFiles: "open-files"
        case .lockedMemory: "locked-memory"
        case .addressSpace: "address-space"
        case .fileLocks: "file-locks"
        case .pendingSignals: "pending-signals"
        case .messageQueues: "message-queues"
        case .nicePriority: "nice-priority"
        case .realtimePriority: "realtime-priority"
        case .realtimeTimeout: "realtime-timeout"
        }
    }

    /// The unit of its amounts.
    var unit: LimitEntry.Unit {
        switch self {
        case .processorTime: .seconds
        case .realtimeTimeout: .microseconds
        case .processes: .threads
        case .openFiles: .files
        case .fileLocks: .locks
        case .pendingSignals: .signals
        case .nicePriority, .realtimePriority: .priority
        case .fileSize, .dataSize, .stackSize, .coreFileSize, .residentSet, .lockedMemory, .addressSpace,
            .messageQueues:
            .bytes
        }
    }
}
