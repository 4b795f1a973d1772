internal import FlowControl
internal import Keyspace

/// What is to be copied where, and with how much effort.
public struct CopyJob: Sendable {
    /// Where the objects are.
    public var source: ObjectLocation
    /// Where the copies go.
    public var destination: ObjectLocation
    /// Copies under way at once: 1 to 65,536, by default 256.
    public var concurrency = 256
    /// Whether fewer copies are under way where more would bring nothing: the job begins with few, and finds out. By
    /// default it does; otherwise it begins with ``concurrency`` at once. Either way it falls back when the service is
    /// overloaded.
    public var adaptsConcurrency = true
    /// The most bytes of objects that are begun to be copied each second, at least 1; `nil`, the default, is no bound.
    ///
    /// An object is copied whole, so that any time sees at most as much as the bound allows and one object more.
    public var maximumBytesPerSecond: Int?
    /// Pages of the source asked for at once: 1 to 1,024, by default 16, which list more than S3 copies; see
    /// ``ListJob/fetchers``.
    public var fetchers = 16
    /// How long copies under way may take to finish once the run was told to stop; by default 30 s.
    public var stopGrace = Duration.seconds(30)
    /// Whether to list only, and copy nothing; by default false.
    public var isDryRun = false

    /// Whether both places are listed and compared when everything was copied; by default false.
    public var isVerified = false
    /// The folder of the temporary file that a verification may need; by default `/var/tmp`.
    ///
    /// See ``ComparisonJob/spoolFolder``.
    public var spoolFolder = "/var/tmp"

    /// Creates a job of the defaults between two locations of the same service.
    public init(from source: ObjectLocation, to destination: ObjectLocation) {
        self.source = source
        self.destination = destination
    }

    /// Checks what can be checked before anything is sent.
    ///
    /// - Throws: ``BrigadeError`` with the code `invalidJob`.
    public func validate() throws(BrigadeError) {
        guard (1...65_536).contains(concurrency) else {
            throw BrigadeError(code: .invalidJob, message: "the concurrency is 1 to 65536, not \(concurrency)")
        }
        guard (maximumBytesPerSecond ?? 1) >= 1 else {
            throw BrigadeError(code: .invalidJob, message: "at least one byte a second has to be copied")
        }
        try listing.validate()
        guard source.bucket == destination.bucket, mapping.overlapsItself else { return }
        if source == destination {
            throw BrigadeError(
                code: .invalidJob,
                message: "source and destination are the same: \(source); nothing would be duplicated"
            )
        }
        throw BrigadeError(
            code: .invalidJob,
            message: "source \(source) and destination \(destination) overlap: copies would land among the objects "
                + "being copied; choose prefixes of which neither begins with the other"
        )
    }

    /// What is compared when everything was copied.
    var comparison: ComparisonJob {
        var job = ComparisonJob(source, destination)
        job.fetchers = fetchers
        job.spoolFolder = spoolFolder
        return job
    }

    /// How keys are renamed on the way.
    var mapping: PrefixMapping { PrefixMapping(source: source.prefix, destination: destination.prefix) }

    /// How copies are paced.
    func scheduling(retry: RetryPolicy, pagesAhead: Int) -> CopyScheduler.Configuration {
        var configuration = CopyScheduler.Configuration()
        configuration.concurrency = concurrency
        configuration.adaptsConcurrency = adaptsConcurrency
        configuration.maximumBytesPerSecond = maximumBytesPerSecond
        configuration.batchesAhead = pagesAhead
        configuration.retry = retry
        return configuration
    }

    /// How the source is listed.
    var listing: ListJob {
        var job = ListJob(source)
        job.fetchers = fetchers
        return job
    }
}
