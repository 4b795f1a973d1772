internal import Machine
public import S3Client
private import Synchronization

/// Samples what a job uses of its machine, once a second or less often where that would cost too much.
///
/// It only looks: that a job makes do with fewer connections where a limit is hit is the client's affair.
public final class JobWatcher: Sendable {
    private struct State {
        var series = SampleSeries()
        var limits: LimitWatch
        var outages = OutageWatch()
    }

    private let client: S3Client
    private let sockets: RemoteSockets
    private let state: Mutex<State>
    private let start = ContinuousClock.now
    private let onSample: @Sendable (SampleSeries) -> Void
    private let onNotice: @Sendable (WatchNotice) -> Void

    /// Prepares to watch.
    ///
    /// - Parameters:
    ///   - client: The client that does the job.
    ///   - budget: What its plan was made within: where connections lead, and what limits them.
    ///   - onSample: Called with each sample, the latest of those so far, for whoever stores them; by default nobody
    ///     does.
    ///   - onNotice: Called once for each limit that comes near, and for the beginning and the end of each outage.
    public init(
        of client: S3Client,
        within budget: ConnectionBudget,
        onSample: @escaping @Sendable (SampleSeries) -> Void = { _ in },
        onNotice: @escaping @Sendable (WatchNotice) -> Void = { _ in }
    ) {
        self.client = client
        self.onSample = onSample
        self.onNotice = onNotice
        sockets = RemoteSockets(ways: budget.ways, range: (try? LocalPortRange.read())?.range)
        state = Mutex(State(limits: LimitWatch(budget)))
    }

    /// What was seen so far.
    public var series: SampleSeries { state.withLock { $0.series } }

    /// Does work, and samples meanwhile: first when it begins.
    ///
    /// - Parameter work: What to do.
    /// - Returns: What the work returns.
    /// - Throws: What the work throws.
    public func watching<Result: Sendable, Failure: Error>(
        _ work: () async throws(Failure) -> Result
    ) async throws(Failure) -> Result {
        let outcome = await withTaskGroup { group in
            group.addTask { [self] in
                while !Task.isCancelled {
                    let cost = await sample()
                    guard (try? await Task.sleep(for: SamplePacing.pause(after: cost))) != nil else { return }
                }
            }
            defer { group.cancelAll() }
            do throws(Failure) {
                return Swift.Result<Result, Failure>.success(try await work())
            } catch {
                return .failure(error)
            }
        }
        return try outcome.get()
    }

    /// Takes the last sample, when the client's connections are closed: what they leave behind in TIME_WAIT is in it.
    ///
    /// - Returns: All that was seen.
    public func finish() async -> SampleSeries {
        _ = await sample()
        return series
    }

    /// Takes a sample.
    ///
    /// - Returns: The processor time that looking took.
    private func sample() async -> Duration {
        let statistics = await client.statistics()
        let began = try? ThreadTime.current()
        var sample = MachineSample(elapsed: ContinuousClock.now - start)
        sample.descriptors = try? DescriptorUse.count()
        if let count = (try? sockets.count()) ?? nil {
            sample.sockets = [:]
            for state in TCPState.allCases where count.states[state] > 0 {
                sample.sockets?["\(state)"] = count.states[state]
            }
            sample.portsLeft = count.portsLeft
        }
        if let usage = try? ResourceUsage.current() { sample.processorTime = usage.userTime + usage.systemTime }
        sample.resident = (try? ProcessStatus.read())?.resident
        let connections = statistics.connections
        sample.connectionsOpened = connections.opened
        sample.connectionsClosed = connections.closedByPeer + connections.closedByClient
        sample.connectionsOpen = connections.open
        sample.requests = statistics.requests.values.reduce(0, +)
        sample.connectionsReused = max(0, sample.requests - sample.connectionsOpened)
        // Nothing since the beginning was awaited, so that this is the same thread.
        let cost = began.flatMap { began in (try? ThreadTime.current()).map { $0 - began } } ?? .zero
        let (series, notices) = state.withLock { state in
            if let last = state.series.latest, sample.elapsed > last.elapsed {
                sample.requestsPerSecond =
                    Double(sample.requests - last.requests) / ((sample.elapsed - last.elapsed) / .seconds(1))
            }
            state.series.add(sample)
            let outage = state.outages.notice(
                answers: connections.answers,
                failures: connections.failures,
                at: sample.elapsed
            )
            return (state.series, state.limits.notices(for: sample) + (outage.map { [$0] } ?? []))
        }
        onSample(series)
        for notice in notices { onNotice(notice) }
        return cost
    }
}

extension ConnectionStatistics {
    /// Answers that came.
    fileprivate var answers: Int { addresses.reduce(0) { $0 + $1.tally.requests } }

    /// Connections that broke, or could not be opened.
    fileprivate var failures: Int {
        failedToOpen
            + addresses.reduce(0) { $0 + ($1.tally.ended[.broken] ?? 0) + ($1.tally.ended[.timedOut] ?? 0) }
    }
}
