internal import Brigade
internal import S3Client

/// One copy as a command runs it: fitted to the machine, with a client of its own, progress on the terminal, and an ear
/// for signals.
struct CopyExecution {
    private let job: CopyJob
    private let configuration: S3ClientConfiguration
    private let showsProgress: Bool
    private let isQuiet: Bool

    private let maximumConnections: Int?

    /// Prepares a copy.
    ///
    /// - Parameters:
    ///   - job: What to do; less is copied at once where the machine does not allow what it asks for.
    ///   - configuration: How the service is reached.
    ///   - maximumConnections: Connections at most; `nil` leaves it to the machine.
    ///   - showsProgress: Whether a line on standard error shows how far it is.
    ///   - isQuiet: Whether only errors are told of.
    init(
        job: CopyJob,
        configuration: S3ClientConfiguration,
        maximumConnections: Int? = nil,
        showsProgress: Bool,
        isQuiet: Bool
    ) {
        self.job = job
        self.configuration = configuration
        self.maximumConnections = maximumConnections
        self.showsProgress = showsProgress
        self.isQuiet = isQuiet
    }

    /// Runs the job to its end, or until a signal stops it.
    ///
    /// - Throws: ``CommandFailure`` if the job could not start.
    ///
    /// - Parameters:
    ///   - session: The job's journal; `nil` for a job that is not kept.
    ///   - onEvent: Called for each object that is skipped or fails.
    /// - Returns: What was done.
    func run(
        in session: JobSession? = nil,
        onEvent: @escaping @Sendable (CopyRun.Event) -> Void
    ) async throws -> CopySummary {
        do {
            try session?.checkFailedKeys()
            return try await runPlanned(in: session, onEvent: onEvent)
        } catch {
            session?.giveUp()
            throw error
        }
    }

    private func runPlanned(
        in session: JobSession?,
        onEvent: @escaping @Sendable (CopyRun.Event) -> Void
    ) async throws -> CopySummary {
        let machine = try await MachinePlan(
            .init(copies: job.concurrency, fetchers: job.fetchers, maximumConnections: maximumConnections),
            for: [job.source.bucket, job.destination.bucket],
            with: configuration
        )
        if !isQuiet, !machine.remotes.isEmpty { machine.tell() }
        let job = job.with(machine.plan)
        let client: S3Client
        do {
            client = try S3Client(configuration.with(machine.plan, isQuiet: isQuiet))
        } catch {
            throw CommandFailure.fatal(error.description)
        }
        let watcher = JobWatcher(
            of: client,
            within: machine.plan.budget,
            onSample: { session?.journal.note($0) },
            onNotice: { [isQuiet] in $0.show(isQuiet: isQuiet) }
        )
        let outcome: Result<CopySummary, BrigadeError>
        do throws(BrigadeError) {
            outcome = .success(
                try await watcher.watching { () async throws(BrigadeError) in
                    try await runToItsEnd(job, client, in: session, onEvent: onEvent)
                }
            )
        } catch {
            outcome = .failure(error)
        }
        await client.shutDown()
        let series = await watcher.finish()
        switch outcome {
        case .success(var summary):
            summary.plan = machine.plan
            summary.machine = series
            return summary
        case .failure(let error): throw CommandFailure.fatal(error.message)
        }
    }

    /// Runs the job, and once more from its beginning with a serial listing where the server shows only late that its
    /// keys cannot be told apart by ranges.
    ///
    /// The journal has both runs. What is told is what the second one did, but for the requests and the time of both.
    private func runToItsEnd(
        _ job: CopyJob,
        _ client: S3Client,
        in session: JobSession?,
        onEvent: @escaping @Sendable (CopyRun.Event) -> Void
    ) async throws(BrigadeError) -> CopySummary {
        var first = try await run(job, client, in: session, onBegin: { session?.announce() }, onEvent: onEvent)
        // Of a dry run, what would be copied was told already.
        guard let error = first.abortedBy, error.code == .notInByteOrder, !first.wasStopped, !job.isDryRun else {
            return first
        }
        if !isQuiet {
            StandardError.write(
                "brigade: \(KeyText.escaped(error.message)); this is done now, from the beginning, and what was copied is "
                    + "copied again\n"
            )
        }
        var serial = job
        serial.fetchers = 1
        do throws(BrigadeError) {
            var second = try await run(serial, client, in: session, onBegin: {}, onEvent: onEvent)
            second.client = await client.statistics()
            second.duration += first.duration
            return second
        } catch {
            // The job has begun, and so is told of.
            first.abortedBy = error
            return first
        }
    }

    private func run(
        _ job: CopyJob,
        _ client: S3Client,
        in session: JobSession?,
        onBegin: () -> Void,
        onEvent: @escaping @Sendable (CopyRun.Event) -> Void
    ) async throws(BrigadeError) -> CopySummary {
        let run = try CopyRun(
            job,
            client: client,
            journal: session?.journal,
            scope: session?.scope ?? .everything,
            onNotice: { [isQuiet] in $0.show(isQuiet: isQuiet) },
            onEvent: onEvent
        )
        let signals = SignalWatch {
            run.stop()
            client.stopRetrying()
        } andThen: { [job] in
            StandardError.write(
                "brigade: stopping; copies under way have \(Quantity.duration(job.stopGrace)) to finish "
                    + "(once more to leave at once)\n"
            )
        }
        defer { withExtendedLifetime(signals) {} }
        guard showsProgress else { return try await run.run(onBegin: onBegin) }
        let line = { @Sendable (line: inout ProgressLine, now: ContinuousClock.Instant) in
            let verified = run.verificationCounters?.compared ?? 0
            return line.line(run.counters, run.flow, verified: verified > 0 ? verified : nil, at: now)
        }
        return try await Progress.showing(ProgressLine(), line) {
            () async throws(BrigadeError) in
            try await run.run(onBegin: onBegin)
        }
    }
}

extension CopyJob {
    fileprivate func with(_ plan: ConcurrencyPlan) -> CopyJob {
        var job = self
        job.concurrency = plan.later.copies
        job.fetchers = plan.later.fetchers
        return job
    }
}
