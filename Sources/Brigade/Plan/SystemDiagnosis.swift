internal import Glibc
internal import Machine
public import S3Client
private import Synchronization
internal import SystemPackage

/// Explains what the machine refused to a client, with its numbers at that moment, and what to do about it.
///
/// One reserve descriptor is kept, and closed while the numbers are read: without it, the want of descriptors would hide
/// its own causes.
public final class SystemDiagnosis: Sendable {
    private let files: KernelFiles
    private let reserve: Mutex<FileDescriptor?>

    /// Takes the reserve.
    public convenience init() {
        self.init(files: KernelFiles())
    }

    init(files: KernelFiles) {
        self.files = files
        reserve = Mutex(Self.takeReserve())
    }

    deinit {
        reserve.withLock { try? $0?.close() }
    }

    /// What is behind a refusal; `nil` for one that the machine's numbers do not explain.
    public func explain(_ refusal: SystemRefusal) -> String? {
        reserve.withLock { reserve in
            try? reserve?.close()
            defer { reserve = Self.takeReserve() }
            return switch refusal.errno {
            case .tooManyOpenFiles: processDescriptors()
            case .tooManyOpenFilesInSystem: systemDescriptors()
            case .addressNotAvailable: ports(refusal)
            case .noBufferSpace, .noMemory: memory()
            default: nil
            }
        }
    }

    private static func takeReserve() -> FileDescriptor? {
        try? FileDescriptor.open("/dev/null", .readOnly, options: .closeOnExec)
    }

    // MARK: Descriptors

    private func processDescriptors() -> String {
        let inUse = (try? DescriptorUse.count(in: files)).map { "\($0)" } ?? "all"
        let limit = (try? DescriptorLimit.current()) ?? ResourceLimit(soft: .unlimited, hard: .unlimited)
        return "this process has \(inUse) descriptors open and may have \(text(limit.soft)) (RLIMIT_NOFILE; the hard "
            + "limit is \(text(limit.hard))); raise the hard limit (ulimit -Hn, LimitNOFILE= of the service), or ask for less "
            + "with --concurrency"
    }

    private func systemDescriptors() -> String {
        let use = (try? SystemDescriptors.read(in: files)).map { "\($0.inUse) of \($0.maximum)" } ?? "all"
        return "\(use) files of the whole machine are open; raise fs.file-max (sysctl), or find out who holds them "
            + "(gauge limits)"
    }

    private func text(_ ceiling: Ceiling) -> String { ceiling.value.map { "\($0)" } ?? "any number" }

    // MARK: Ports

    private func ports(_ refusal: SystemRefusal) -> String? {
        guard let remote = refusal.remote.flatMap({ IPEndpoint($0) }) else { return nil }
        let source = refusal.source.flatMap { IPAddress($0) }
        if let source, let all = try? LocalAddress.all(), !all.contains(where: { $0.address == source && $0.isUp }) {
            return "the source address \(source) is none of this machine's any more (ip address shows them)"
        }
        let advice =
            "widen net.ipv4.ip_local_port_range, or leave from more local addresses with --source-address"
        guard let survey = try? SocketSurvey.read(in: files), let range = survey.range?.range,
            let available = survey.availablePorts
        else { return "no local port is left towards \(remote); \(advice)" }
        let ways = survey.counts.outgoing.filter { way, _ in
            way.remote == remote && (source ?? way.local) == way.local
        }
        let used = ways.values.reduce(0) { $0 + $1.ports }
        let waiting = ways.values.reduce(0) { $0 + $1.states[.timeWait] }
        return "of the local ports \(range.lowerBound) to \(range.upperBound), \(available) can be given to "
            + "connections to \(remote)\(source.map { " from \($0)" } ?? ""), and \(used) are taken, \(waiting) of them by "
            + "connections in TIME_WAIT, for a minute after their end; \(advice)"
    }

    // MARK: Memory

    private func memory() -> String {
        var numbers: [String] = []
        if let memory = try? SystemMemory.read(in: files) {
            numbers.append("\(memory.available) of \(memory.total) of the machine's memory are available")
        }
        if let use = try? SocketStatistics.read(in: files), let settings = try? TCPSettings.read(in: files) {
            let limit = settings.memory.map { " of \($0.maximum)" } ?? ""
            numbers.append("TCP has taken \(use.tcpMemory)\(limit) (net.ipv4.tcp_mem) for \(use.tcpAllocated) sockets")
        }
        let state = numbers.isEmpty ? "" : numbers.joined(separator: ", and ") + "; "
        return "the kernel has no memory for another socket: \(state)close other programs, raise net.ipv4.tcp_mem or "
            + "the memory limit of the control group, or ask for less with --concurrency"
    }
}
