internal import FlowControl
internal import S3Protocol
internal import Synchronization

extension S3Client {
    /// A peer that has never answered is more likely the wrong one than a busy one.
    private static let attemptsBeforeFirstAnswer = 3

    /// Sends a request until it succeeds or there is no sense in trying again.
    ///
    /// - Parameters:
    ///   - request: What to send.
    ///   - sink: Where the body goes.
    ///   - repetition: Who sends it again after a failure.
    ///   - read: Makes the result from a successful answer; what it throws is a failure of the attempt.
    /// - Returns: What `read` made.
    /// - Throws: What the last attempt failed with: ``S3ResponseError`` or ``S3ClientError``.
    func perform<Result>(
        _ request: S3Request,
        sink: ResponseSink = .document,
        repetition: Repetition = .byClient,
        read: (HTTPAnswer) throws -> Result
    ) async throws -> Result {
        try gate.enter()
        defer { gate.leave() }
        let loop = currentLoop(#isolation)
        var random = SystemRandomNumberGenerator()
        var attempt = 1
        var corrected: Set<ServerCorrections.Correction> = []
        var isRepetition = if case .byCaller(let attempt) = repetition { attempt > 1 } else { false }
        while true {
            let target = target(for: request.bucket)
            let clockOffset = corrections.withLock { $0.clockOffset }
            do {
                let answer = try await loop.send(
                    request,
                    to: target,
                    isRepetition: isRepetition,
                    credentials: configuration.credentials,
                    clockOffset: clockOffset,
                    sink: sink,
                    patience: request.operation == .copyObject ? copyPatience : patience
                )
                return try judge(answer, of: request.operation, from: target, read: read)
            } catch {
                let sent = ServerCorrections.Assumptions(region: target.region, clockOffset: clockOffset)
                if let wrong = correct(error, for: request.bucket, sent: sent), corrected.insert(wrong).inserted {
                    continue
                }
                guard case .byClient = repetition else { throw error }
                let failure = RetryPolicy.Failure(error)
                if case .transient = failure, attempt >= Self.attemptsBeforeFirstAnswer,
                    await !loop.hasAnswered(target, bucket: request.bucket)
                {
                    throw error
                }
                switch configuration.retry.decide(after: failure, attempt: attempt, using: &random) {
                case .giveUp: throw error
                case .retry(let delay):
                    guard try await wait(delay) else { throw error }
                    isRepetition = true
                    attempt += 1
                }
            }
        }
    }

    /// Waits before a request is sent again.
    ///
    /// - Returns: Whether it is to be sent: false once retries are over, which ends the wait within a quarter of a
    ///   second.
    private func wait(_ delay: Duration) async throws(S3ClientError) -> Bool {
        var left = delay
        while left > .zero {
            if gate.isClosed || retriesAreOver.load(ordering: .relaxed) { return false }
            let step = min(left, .milliseconds(250))
            do {
                try await Task.sleep(for: step)
            } catch {
                throw S3ClientError(code: .cancelled, message: "the request was cancelled")
            }
            left -= step
        }
        return !gate.isClosed && !retriesAreOver.load(ordering: .relaxed)
    }

    // MARK: Judging answers

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
                    + "something that is not S3's XML\(Self.glimpse(answer)); check the endpoint's URL"
            )
        }
        do {
            return try read(answer)
        } catch let error as MalformedXML {
            throw S3ClientError(
                code: .notS3,
                message: "\(target.endpoint) answered \(operation) with HTTP \(answer.head.status), but "
                    + "\(error)\(Self.glimpse(answer)); check the endpoint's URL",
                isRetryable: !error.isWhole && !answer.looksLikeHTML
            )
        }
    }

    private static func glimpse(_ answer: HTTPAnswer) -> String {
        if answer.looksLikeHTML { return " (it is a web page)" }
        guard let first = answer.body.firstIndex(where: { $0 > 0x20 }) else { return "" }
        let line = answer.body[first...].prefix(80).prefix { $0 >= 0x20 }
        return " (it begins with '\(String(decoding: line, as: UTF8.self))')"
    }

    // MARK: Regions and clocks

    /// Where requests for a bucket go.
    func target(for bucket: BucketName?) -> RequestTarget {
        let corrected = bucket.flatMap { bucket in corrections.withLock { $0.region(of: bucket) } }
        return configuration.target(for: bucket, in: corrected ?? configuration.region)
    }

    /// Learns from an error what was wrong with a request's region or time.
    private func correct(
        _ error: any Error,
        for bucket: BucketName?,
        sent: ServerCorrections.Assumptions
    ) -> ServerCorrections.Correction? {
        guard let error = error as? S3ResponseError,
            let learnt = corrections.withLock({ $0.learn(from: error, bucket: bucket, sent: sent, now: .now) })
        else { return nil }
        if let notice = learnt.notice { configuration.onNotice(notice) }
        return learnt.wrong
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
