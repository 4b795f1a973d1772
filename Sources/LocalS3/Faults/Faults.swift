/// What goes wrong on purpose, so that a client can be seen to cope.
///
/// Probabilities are from 0 to 1, each request by itself. The same seed and the same order of requests give the same
/// faults.
public struct Faults: Sendable, Hashable {
    /// Where the sequence of faults begins.
    public var seed: UInt64 = 1
    /// How often a request is answered with 500 InternalError and not carried out.
    public var internalErrorProbability = 0.0
    /// How often a connection is reset (RST) instead of answered.
    ///
    /// Whether the request was carried out before is open, as it is in life: half of them were.
    public var resetProbability = 0.0
    /// How often a copy or CompleteMultipartUpload is answered with 200 and an error document, and not carried out.
    public var errorInBodyProbability = 0.0
    /// How often a page of a listing is cut off: half of them by closing the connection, half by an answer that is
    /// complete as HTTP but whose document is not.
    public var truncatedPageProbability = 0.0
    /// Requests above so many in one second are answered with 503 SlowDown; `nil` for no bound.
    public var slowDownAboveRequestsPerSecond: Int?
    /// Requests for the keys of some prefixes above so many in one second are answered with 503 SlowDown; the first rate
    /// whose prefix fits counts.
    public var slowDownPrefixes: [PrefixRate] = []
    /// The answer to so many requests on one connection carries `Connection: close`; `nil` for no bound.
    public var closeAfterRequests: Int?
    /// A connection is closed when it was idle so long; `nil` for never.
    public var closeIdleAfter: Duration?
    /// Reading or copying objects whose keys begin so, as bytes, is refused with AccessDenied.
    public var deniedKeyPrefixes: [String] = []
    /// Reading or copying a share of the objects is refused; which ones is decided by their keys and ``seed``, and stays
    /// the same however often they are asked for.
    public var refusals: [Refusal] = []
    /// The share of objects whose copies lack their last byte, by key; the answer tells the ETag of what was stored.
    public var corruptCopyShare = 0.0
    /// The share of objects whose copies are answered as made and not kept, by key.
    public var lostCopyShare = 0.0
    /// What becomes of the conditions that a copy sets on its source.
    public var copyConditions = CopyConditions.honoured
    /// How often an answer is held back for ``delay``.
    public var delayProbability = 0.0
    /// How long an answer is held back that is, beside the server's latency.
    public var delay = Duration.milliseconds(100)
    /// After so many requests the credentials are refused with ExpiredToken; `nil` for never.
    public var expireAfterRequests: Int?
    /// The server's clock is ahead by so much, in its `Date` and in what it allows a request's time to be.
    public var clockOffset = Duration.zero
    /// No page of a listing has more entries than this, whatever is asked for; `nil` for S3's own 1,000.
    public var shortPageMaximum: Int?

    /// No faults.
    public init() {}

    /// Checks the settings.
    ///
    /// - Throws: `LocalS3Error` with `.configuration`, naming the setting and its bounds.
    public func validate() throws {
        let probabilities =
            [
                ("internalErrorProbability", internalErrorProbability), ("resetProbability", resetProbability),
                ("errorInBodyProbability", errorInBodyProbability),
                ("truncatedPageProbability", truncatedPageProbability),
                ("corruptCopyShare", corruptCopyShare), ("lostCopyShare", lostCopyShare),
                ("delayProbability", delayProbability),
            ] + refusals.map { ("the share of \($0.code)", $0.share) }
        for (name, value) in probabilities where !(0...1).contains(value) {
            throw LocalS3Error(code: .configuration, message: "\(name) is \(value); it must be from 0 to 1")
        }
        let counts = [
            ("slowDownAboveRequestsPerSecond", slowDownAboveRequestsPerSecond),
            ("closeAfterRequests", closeAfterRequests), ("shortPageMaximum", shortPageMaximum),
            ("expireAfterRequests", expireAfterRequests),
        ]
        for rate in slowDownPrefixes where rate.requestsPerSecond < 1 {
            throw LocalS3Error(
                code: .configuration,
                message: "the rate of '\(rate.prefix)' is \(rate.requestsPerSecond); it must be at least 1"
            )
        }
        for case (let name, let value?) in counts where value < 1 {
            throw LocalS3Error(code: .configuration, message: "\(name) is \(value); it must be at least 1")
        }
        if let closeIdleAfter, closeIdleAfter <= .zero {
            throw LocalS3Error(code: .configuration, message: "closeIdleAfter must be above zero")
        }
        guard delay >= .zero else {
            throw LocalS3Error(code: .configuration, message: "delay must not be below zero")
        }
    }
}
