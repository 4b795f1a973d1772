internal import S3Protocol

/// What servers have taught a client about its own settings: the regions of buckets, and what time it is.
struct ServerCorrections: Sendable {
    /// What a request was sent with, as far as it can be wrong.
    struct Assumptions: Sendable {
        var region: String
        var clockOffset: Duration
    }

    /// What of a request was wrong.
    enum Correction: Hashable {
        case region
        case clock
    }

    /// S3 accepts a request whose time is up to 15 minutes off; an answer's own time is good to the second.
    private static let smallestClockError = Duration.seconds(60)

    /// S3's codes under which a region in the answer means that the request went to the wrong one.
    private static let regionalCodes: Set<String> = [
        "AuthorizationHeaderMalformed", "PermanentRedirect", "TemporaryRedirect", "BadRequest",
        "IllegalLocationConstraintException", "AccessDenied",
    ]

    private var regions: [BucketName: String] = [:]
    /// What to add to this machine's time to have the server's.
    private(set) var clockOffset = Duration.zero

    /// The region of a bucket, if a server has named it.
    func region(of bucket: BucketName) -> String? { regions[bucket] }

    /// Learns from an error what was wrong with the request that it answers.
    ///
    /// Many requests may be under way with the same wrong assumption; each is to be sent again, and the first to be
    /// answered is the one that there is something to tell of.
    ///
    /// - Parameters:
    ///   - error: What the server answered.
    ///   - bucket: The bucket that the request was for.
    ///   - sent: What the request was sent with.
    ///   - now: This machine's time.
    /// - Returns: What was wrong, and what is new about it; `nil` if the error is about something else, or sending the
    ///   request again would change nothing.
    mutating func learn(
        from error: S3ResponseError,
        bucket: BucketName?,
        sent: Assumptions,
        now: UTCTime
    ) -> (wrong: Correction, notice: S3ClientConfiguration.Notice?)? {
        if error.code == "RequestTimeTooSkewed", let serverTime = error.serverTime {
            let offset = Duration.seconds(serverTime.secondsSinceEpoch - now.secondsSinceEpoch)
            guard Self.differ(offset, sent.clockOffset) else { return nil }
            let isNew = Self.differ(offset, clockOffset)
            if isNew { clockOffset = offset }
            return (.clock, isNew ? .clockCorrected(by: offset) : nil)
        }
        guard let bucket, let region = error.region, region != sent.region, Self.regionalCodes.contains(error.code),
            S3ClientConfiguration.isRegion(region)
        else { return nil }
        let isNew = regions.updateValue(region, forKey: bucket) != region
        return (.region, isNew ? .regionCorrected(bucket, from: sent.region, to: region) : nil)
    }

    private static func differ(_ left: Duration, _ right: Duration) -> Bool {
        let difference = left - right
        return difference > smallestClockError || difference < .zero - smallestClockError
    }
}
