public import S3Protocol

/// One run of a job, as its journal tells of it.
public struct RunRecord: Sendable, Hashable {
    /// How a run ended.
    public enum Outcome: String, Sendable, Hashable, Codable {
        /// Everything there was to do has its verdict; objects may have failed.
        case complete
        /// It was stopped from outside.
        case interrupted
        /// An error ended it; ``RunRecord/message`` tells which.
        case aborted
        /// It ended without a word: killed, or the machine went down.
        case killed
    }

    /// Its number, from 1.
    public var number: Int
    /// When it began.
    public var startedAt: UTCTime
    /// How long it took, or has taken at its last commit.
    public var duration: Duration
    /// How it ended; `nil` while it runs.
    public var outcome: Outcome?
    /// The error that ended it.
    public var message: String?
    /// What it did.
    ///
    /// Objects that had failed in an earlier run and were tried again are counted as listed.
    public var counters: CopyCounters
    /// Requests, with repetitions; 0 for a run that did not end by itself.
    public var requests: Int
    /// Requests that were sent again after a failure.
    public var retries: Int
    /// The ranges that it had to list when it began, one for each gap between what was done; `nil` for a run that began
    /// at the beginning.
    public var ranges: Int?
    /// What its verification found; `nil` where none was asked for, or the run did not come to it.
    public var verification: VerificationRecord?
    /// What it used of its machine, from its beginning to its end or its last commit; none where several jobs were asked
    /// for at once.
    public var samples: [MachineSample] = []
}
