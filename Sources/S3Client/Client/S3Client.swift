internal import FlowControl
internal import NIOCore
internal import NIOPosix
internal import S3Protocol
private import Synchronization

/// A client of one S3 service for one set of credentials, over connections that stay open.
///
/// Any task may call any method. Every method sends its request again where that may help (see ``RetryPolicy``), and
/// corrects a wrong region or a wrong clock by what the server says, once. Failures are ``S3ResponseError`` where the
/// server gave the reason, ``S3ClientError`` for everything else.
public final class S3Client: Sendable {
    /// How the client was set up.
    public let configuration: S3ClientConfiguration

    private let group: MultiThreadedEventLoopGroup
    private let loops: [ConnectionLoop]
    private let nextLoop = Atomic(0)
    private let corrections = Mutex(Corrections())

    /// What servers taught the client.
    private struct Corrections {
        var regions: [BucketName: String] = [:]
        var clockOffset = Duration.zero
    }

    /// Starts the client's threads; no connection is opened yet.
    ///
    /// ``shutDown()`` must be called in the end.
    ///
    /// - Throws: ``S3ClientError`` with the code `configuration`.
    public init(_ configuration: S3ClientConfiguration) throws(S3ClientError) {
        try configuration.validate()
        let connector = try Connector(configuration)
        let loopCount = min(configuration.eventLoops, configuration.maximumConnections)
        let group = MultiThreadedEventLoopGroup(numberOfThreads: loopCount)
        let share = (configuration.maximumConnections + loopCount - 1) / loopCount
        self.configuration = configuration
        self.group = group
        loops = (0..<loopCount).map { _ in
            ConnectionLoop(
                eventLoop: group.next(),
                connector: connector,
                maximumConnections: share,
                userAgent: configuration.userAgent
            )
        }
    }

    /// Closes every connection and ends the threads; requests under way fail.
    public func shutDown() async {
        for loop in loops { await loop.shutDown() }
        do {
            try await group.shutdownGracefully()
        } catch {
            preconditionFailure("the client was shut down twice: \(error)")
        }
    }

    // MARK: Where work runs

    /// Runs work on the event loop that carries a share of the connections, so that its requests need no other thread.
    ///
    /// - Parameters:
    ///   - index: Which worker this is; workers are dealt out to the event loops in turn.
    ///   - body: The work, isolated to the event loop.
    /// - Returns: What the work returns.
    public func withConnectionLoop<Result: Sendable>(
        _ index: Int,
        _ body: @Sendable (isolated ConnectionLoop) async throws -> Result
    ) async rethrows -> Result {
        let loop = loops[index % loops.count]
        return try await withTaskExecutorPreference(loop.executor) { try await body(loop) }
    }

    // MARK: What was done

    /// What was sent so far, and over which connections.
    public func statistics() async -> ClientStatistics {
        var sum = ClientStatistics()
        for loop in loops { sum += await loop.statistics }
        return sum
    }

    // MARK: Sending

    /// Sends a request until it succeeds or there is no sense in trying again.
    ///
    /// - Parameters:
    ///   - request: What to send.
    ///   - sink: Where the body goes.
    ///   - read: Makes the result from a successful answer; what it throws is a failure of the attempt.
    /// - Returns: What `read` made.
    /// - Throws: What the last attempt failed with: ``S3ResponseError`` or ``S3ClientError``.
    func perform<Result>(
        _ request: S3Request,
        sink: ResponseSink = .document,
        read: (HTTPAnswer) throws -> Result
    ) async throws -> Result {
        let loop = currentLoop(#isolation)
        var random = SystemRandomNumberGenerator()
        var attempt = 1
        var wasCorrected = false
        while true {
            let target = target(for: request.bucket)
            do {
                let answer = try await sendOnce(request, to: target, sink: sink, on: loop)
                return try judge(answer, of: request.operation, from: target, read: read)
            } catch {
                if !wasCorrected, correct(error, for: request.bucket, target: target) {
                    wasCorrected = true
                    continue
                }
                let failure = RetryPolicy.Failure(error)
                if case .transient = failure, attempt >= Self.attemptsBeforeFirstAnswer,
                    await !loop.hasAnswered(target, bucket: request.bucket)
                {
                    throw error
                }
                switch configuration.retry.decide(after: failure, attempt: attempt, using: &random) {
                case .giveUp: throw error
                case .retry(let delay):
                    try await wait(delay)
                    await loop.countRetry()
                    attempt += 1
                }
            }
        }
    }

    /// A peer that has never answered is more likely the wrong one than a busy one.
    private static let attemptsBeforeFirstAnswer = 3

    private func sendOnce(
        _ request: S3Request,
        to target: RequestTarget,
        sink: ResponseSink,
        on loop: ConnectionLoop
    ) async throws -> HTTPAnswer {
        return try await loop.send(
            request,
            to: target,
            credentials: configuration.credentials,
            clockOffset: corrections.withLock { $0.clockOffset },
            sink: sink,
            silenceAllowed: request.operation == .copyObject
                ? configuration.copySilenceAllowed : configuration.silenceAllowed
        )
    }

    private func wait(_ delay: Duration) async throws(S3ClientError) {
        do {
            try await Task.sleep(for: delay)
        } catch {
            throw S3ClientError(code: .cancelled, message: "the request was cancelled")
        }
    }

    private func judge<Result>(
        _ answer: HTTPAnswer,
        of operation: S3Operation,
        from target: RequestTarget,
        read: (HTTPAnswer) throws -> Result
    ) throws -> Result {
        guard answer.isSuccess else {
            if let error = S3ResponseError(operation: operation, head: answer.head, body: answer.body) { throw error }
            throw S3ClientError(
                code: .notS3,
                message: "\(target.endpoint) answered \(operation) with HTTP \(answer.head.status) and "
                    + "something that is not S3's XML\(Self.glimpse(answer)); check the endpoint's URL",
                isRetryable: answer.head.status >= 500
            )
        }
        do {
            return try read(answer)
        } catch let error as MalformedXML {
            throw S3ClientError(
                code: .notS3,
                message: "\(target.endpoint) answered \(operation) with HTTP \(answer.head.status), but "
                    + "\(error)\(Self.glimpse(answer)); check the endpoint's URL",
                isRetryable: !answer.looksLikeHTML
            )
        }
    }

    private static func glimpse(_ answer: HTTPAnswer) -> String {
        if answer.looksLikeHTML { return " (it is a web page)" }
        guard let first = answer.body.firstIndex(where: { $0 > 0x20 }) else { return "" }
        let line = answer.body[first...].prefix(80).prefix { $0 >= 0x20 }
        return " (it begins with '\(String(decoding: line, as: UTF8.self))')"
    }

    /// The event loop that the caller runs on, if it is one of this client's, or the one whose turn it is.
    private func currentLoop(_ isolation: (any Actor)?) -> ConnectionLoop {
        if let loop = isolation as? ConnectionLoop, loops.contains(where: { $0 === loop }) { return loop }
        let turn = nextLoop.add(1, ordering: .relaxed).oldValue
        return loops[turn % loops.count]
    }

    // MARK: Regions and clocks

    /// Where requests for a bucket go.
    func target(for bucket: BucketName?) -> RequestTarget {
        let corrected = bucket.flatMap { bucket in corrections.withLock { $0.regions[bucket] } }
        let region = corrected ?? configuration.region
        let endpoint = configuration.endpoint ?? Endpoint.amazon(region: region)
        let automatic: RequestTarget.Addressing =
            configuration.endpoint == nil && bucket?.fitsHostName == true ? .virtualHost : .path
        return RequestTarget(endpoint: endpoint, addressing: configuration.addressing ?? automatic, region: region)
    }

    /// S3's codes under which a region in the answer means that the request went to the wrong one.
    private static let regionalCodes: Set<String> = [
        "AuthorizationHeaderMalformed", "PermanentRedirect", "TemporaryRedirect", "BadRequest",
        "IllegalLocationConstraintException", "AccessDenied",
    ]

    /// Learns from an error what was wrong with a request's region or time.
    ///
    /// - Returns: Whether something was learnt, so that the request should be sent again at once.
    private func correct(_ error: any Error, for bucket: BucketName?, target: RequestTarget) -> Bool {
        guard let error = error as? S3ResponseError else { return false }
        if error.code == "RequestTimeTooSkewed", let serverTime = error.serverTime {
            let offset = Duration.seconds(serverTime.secondsSinceEpoch - UTCTime.now.secondsSinceEpoch)
            let previous = corrections.withLock { state in
                defer { state.clockOffset = offset }
                return state.clockOffset
            }
            let change = offset - previous
            guard change > .seconds(60) || change < .seconds(-60) else { return false }
            configuration.onNotice(.clockCorrected(by: offset))
            return true
        }
        guard let bucket, let region = error.region, region != target.region,
            Self.regionalCodes.contains(error.code)
        else { return false }
        corrections.withLock { $0.regions[bucket] = region }
        configuration.onNotice(.regionCorrected(bucket, from: target.region, to: region))
        return true
    }
}

extension HTTPAnswer {
    /// Whether the answer is a web page.
    fileprivate var looksLikeHTML: Bool {
        if head.text("content-type")?.lowercased().hasPrefix("text/html") == true { return true }
        let start = body.prefix(256).drop { $0 <= 0x20 }
        let text = String(decoding: start.prefix(16), as: UTF8.self).lowercased()
        return text.hasPrefix("<!doctype html") || text.hasPrefix("<html")
    }
}
