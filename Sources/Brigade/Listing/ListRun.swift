public import S3Client
private import Synchronization

/// One run of a ``ListJob``.
public final class ListRun: Sendable {
    private let job: ListJob
    private let client: S3Client
    private let lister: Lister
    private let hasBegun = Atomic(false)

    /// Prepares a run; nothing is sent yet.
    ///
    /// - Parameters:
    ///   - job: What to list.
    ///   - client: The client to do it with; it should have a connection for each of the job's fetchers.
    ///   - onNotice: Called when the server turns out not to list as it should.
    /// - Throws: ``BrigadeError`` with the code `invalidJob`.
    public init(
        _ job: ListJob,
        client: S3Client,
        onNotice: @escaping @Sendable (ListNotice) -> Void = { _ in }
    ) throws(BrigadeError) {
        try job.validate()
        self.job = job
        self.client = client
        lister = Lister(job, client: client, onNotice: onNotice)
    }

    /// How far the run is.
    public var counters: ListCounters { lister.counters }

    /// Ends the run soon: requests under way are given up.
    ///
    /// What has reached the receiver by then is counted, and there may be gaps between it.
    public func stop() {
        lister.stop()
    }

    /// Lists; to be called once.
    ///
    /// Every object reaches the receiver once. Where that cannot be kept any more, since a server shows too late that it
    /// does not list in byte order, the run ends with the code `notInByteOrder`.
    ///
    /// - Parameter receive: Takes each part of the listing, in no order, from up to as many tasks at once as there are
    ///   fetchers, on the client's event loops. A fetcher waits while it does, and so holds one page at most. When it
    ///   throws, the run ends with the code `receiverFailed` and that cause.
    /// - Returns: What was done, also when the run ended early; ``ListSummary/isComplete`` tells. An error that remains
    ///   after all repetitions ends the run with the code `listingFailed`, and never passes for the end of the bucket.
    /// - Throws: ``BrigadeError`` with the code `sourceUnavailable` if not even the first page could be had.
    public func run(
        _ receive: @escaping @Sendable (ListedBatch) async throws -> Void
    ) async throws(BrigadeError) -> ListSummary {
        precondition(!hasBegun.exchange(true, ordering: .relaxed), "a run is run once")
        let clock = ContinuousClock()
        let start = clock.now
        let before = await client.statistics()
        var summary = ListSummary()
        do {
            let opening = try await lister.open()
            let end = await withTaskCancellationHandler {
                await lister.run(from: opening, receive)
            } onCancel: {
                stop()
            }
            if case .failed(let error) = end { summary.abortedBy = error }
            if case .stopped = end { summary.wasStopped = true }
        } catch {
            guard lister.isStopped else {
                throw BucketUse.listing.failure(of: job.source.bucket, with: client, cause: error)
            }
            summary.wasStopped = true
        }
        summary.counters = lister.counters
        summary.isInByteOrder = lister.isInByteOrder
        summary.fetchers = lister.fetchers
        summary.client = await client.statistics() - before
        summary.duration = clock.now - start
        return summary
    }
}
