internal import Brigade
internal import S3Client

/// One copy as a command runs it: with a client of its own, progress on the terminal, and an ear for signals.
struct CopyExecution {
    let job: CopyJob
    let configuration: S3ClientConfiguration
    let showsProgress: Bool

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
        let run = try CopyRun(job, client: client, onEvent: onEvent)
        let signals = SignalWatch {
            StandardError.write("brigade: stopping; copies under way are finished (once more to leave at once)\n")
            run.stop()
        }
        defer { withExtendedLifetime(signals) {} }
        guard showsProgress else { return try await run.run() }
        let outcome = await withTaskGroup { group in
            group.addTask {
                var line = ProgressLine()
                await line.show { run.counters }
            }
            defer { group.cancelAll() }
            do throws(BrigadeError) {
                return Result<CopySummary, BrigadeError>.success(try await run.run())
            } catch {
                return .failure(error)
            }
        }
        return try outcome.get()
    }
}

extension S3ClientConfiguration {
    /// Fits the client to the number of copies under way, and has its notices shown.
    mutating func prepare(forConcurrency concurrency: Int, isQuiet: Bool) {
        // A few more than the copies: listing must not wait for a copier's connection.
        maximumConnections = concurrency + 8
        guard !isQuiet else { return }
        onNotice = { notice in
            switch notice {
            case .regionCorrected(let bucket, let from, let to):
                StandardError.write("brigade: the bucket '\(bucket)' is in \(to), not \(from); signing for \(to) now\n")
            case .clockCorrected(let offset):
                let seconds = offset.components.seconds
                StandardError.write(
                    "brigade: this machine's clock is \(Quantity.duration(.seconds(abs(seconds)))) "
                        + "\(seconds < 0 ? "ahead of" : "behind") the server's; signing for the server's time now, "
                        + "but the clock should be set right\n"
                )
            }
        }
    }
}
