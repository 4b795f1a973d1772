internal import Brigade
private import Glibc
internal import S3Client

/// One listing as a command runs it: fitted to the machine, with a client of its own, progress on the terminal, and an
/// ear for signals.
struct ListExecution {
    /// How a listing ended.
    struct End {
        var summary = ListSummary()
        var written = ListReport.Written()
        /// How much was done at once, and why; `nil` where it could not begin.
        var plan: ConcurrencyPlan?
        /// Whether the first page could be had.
        var hasBegun = false
        /// The end that agrees with the summary; `nil` if all went well.
        var failure: CommandFailure?
    }

    let job: ListJob
    /// Connections at most; `nil` leaves it to the machine.
    let maximumConnections: Int?
    let output: ListOutput
    let showsProgress: Bool
    let isQuiet: Bool

    /// How long a text may be under way to somebody who does not read it, once the listing was told to stop, in seconds.
    private static let patience: UInt32 = 2

    /// Runs the job to its end, or until a signal stops it.
    ///
    /// - Throws: ``CommandFailure`` if the job could not start.
    func run(with configuration: S3ClientConfiguration) async throws -> End {
        let plan = try await MachinePlan(
            .init(copies: 0, fetchers: job.fetchers, maximumConnections: maximumConnections),
            for: [job.source.bucket],
            with: configuration
        )
        let client: S3Client
        do {
            client = try S3Client(configuration.with(plan.plan, isQuiet: isQuiet))
        } catch {
            throw CommandFailure.fatal(error.description)
        }
        if plan.plan.isReduced, !isQuiet { plan.tell() }
        var job = job
        job.fetchers = plan.plan.later.fetchers
        let outcome: Result<ListSummary, BrigadeError>
        do throws(BrigadeError) {
            outcome = .success(try await run(job, client))
        } catch {
            outcome = .failure(error)
        }
        let statistics = await client.statistics()
        await client.shutDown()
        var end = End()
        end.plan = plan.plan
        let totals = await output.totals
        end.written = ListReport.Written(
            objects: totals.objectsWritten,
            highestWaitingBytes: totals.highestWaitingBytes
        )
        switch outcome {
        case .success(let summary):
            end.summary = summary
            end.hasBegun = true
            end.failure = failure(of: summary)
        case .failure(let error):
            end.summary.client = statistics
            end.failure = .fatal(error.message)
        }
        if end.failure == nil, await output.isWaiting {
            preconditionFailure("the parts of a complete listing lie side by side")
        }
        return end
    }

    private func run(_ job: ListJob, _ client: S3Client) async throws(BrigadeError) -> ListSummary {
        let run = try ListRun(job, client: client, onNotice: { [isQuiet] in $0.show(isQuiet: isQuiet) })
        let signals = SignalWatch { [output] in
            run.stop()
            client.stopRetrying()
            output.stop()
        } andThen: { [output] in
            let beat = output.beat
            StandardError.write("brigade: stopping (once more to leave at once)\n")
            sleep(Self.patience)
            // Whoever should read has stopped doing so, and will not begin again for this.
            if output.isStuck(since: beat) { _exit(130) }
        }
        defer { withExtendedLifetime(signals) {} }
        let list = { [output] () async throws(BrigadeError) in
            try await run.run { try await output.take($0) }
        }
        guard showsProgress else { return try await list() }
        return try await Progress.showing(ListProgressLine(), { $0.line(run.counters, at: $1) }, while: list)
    }

    private func failure(of summary: ListSummary) -> CommandFailure? {
        guard let error = summary.abortedBy else { return summary.wasStopped ? .interrupted : nil }
        if error.code == .receiverFailed, let cause = error.cause as? BrigadeError { return .fatal(cause.message) }
        guard job.requiresByteOrder, !summary.isInByteOrder else { return .fatal(error.message) }
        return .fatal(
            "\(error.message); leave --sorted out and sort the output, as with --format tsv --fetchers 1 | LC_ALL=C sort"
        )
    }
}
