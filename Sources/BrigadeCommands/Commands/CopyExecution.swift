internal import Brigade
internal import S3Client

/// One copy as a command runs it: fitted to the machine, with a client of its own, progress on the terminal, and an ear
/// for signals.
struct CopyExecution {
    private let job: CopyJob
    private let configuration: S3ClientConfiguration
    private let showsProgress: Bool
    private let isQuiet: Bool

    /// Prepares a copy; less is copied at once where the machine does not allow what was asked for.
    ///
    /// - Throws: ``CommandFailure`` if the machine allows nothing at all.
    init(job: CopyJob, configuration: S3ClientConfiguration, showsProgress: Bool, isQuiet: Bool) throws {
        let plan: ConcurrencyPlan
        do {
            plan = try ConcurrencyPlan(fitting: job.concurrency, fetchers: job.fetchers)
        } catch {
            throw CommandFailure.fatal(error.message)
        }
        self.job = job.with(plan)
        self.configuration = configuration.with(plan, isQuiet: isQuiet)
        self.showsProgress = showsProgress
        self.isQuiet = isQuiet
        if plan.isReduced, let limit = plan.descriptorLimit, !isQuiet {
            let listing =
                plan.fetchers < plan.wantedFetchers
                ? " and listing \(plan.fetchers) pages at once, not \(plan.wantedFetchers)" : ""
            StandardError.write(
                "brigade: copying \(plan.concurrency) objects at once, not \(plan.wanted)\(listing): this process may "
                    + "have \(limit) descriptors open (ulimit -Hn)\n"
            )
        }
    }

    /// Runs the job to its end, or until a signal stops it.
    ///
    /// - Throws: ``CommandFailure`` if the job could not start.
    func run(onEvent: @escaping @Sendable (CopyRun.Event) -> Void) async throws -> CopySummary {
        let client: S3Client
        do {
            client = try S3Client(configuration)
        } catch {
            throw CommandFailure.fatal(error.description)
        }
        let outcome: Result<CopySummary, BrigadeError>
        do throws(BrigadeError) {
            outcome = .success(try await run(client, onEvent: onEvent))
        } catch {
            outcome = .failure(error)
        }
        await client.shutDown()
        switch outcome {
        case .success(let summary): return summary
        case .failure(let error): throw CommandFailure.fatal(error.message)
        }
    }

    private func run(
        _ client: S3Client,
        onEvent: @escaping @Sendable (CopyRun.Event) -> Void
    ) async throws(BrigadeError) -> CopySummary {
        let run = try CopyRun(
            job,
            client: client,
            onNotice: { [isQuiet] in $0.show(isQuiet: isQuiet) },
            onEvent: onEvent
        )
        let signals = SignalWatch {
            run.stop()
            client.stopRetrying()
        } andThen: {
            StandardError.write("brigade: stopping; copies under way are finished (once more to leave at once)\n")
        }
        defer { withExtendedLifetime(signals) {} }
        guard showsProgress else { return try await run.run() }
        return try await Progress.showing(ProgressLine(), { $0.line(run.counters, run.flow, at: $1) }) {
            () async throws(BrigadeError) in
            try await run.run()
        }
    }
}

extension CopyJob {
    fileprivate func with(_ plan: ConcurrencyPlan) -> CopyJob {
        var job = self
        job.concurrency = plan.concurrency
        job.fetchers = plan.fetchers
        return job
    }
}
