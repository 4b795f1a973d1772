internal import Brigade
internal import FlowControl
internal import S3Client
internal import S3Protocol

/// What `brigade copy` writes: single failures as they happen, and the summary last.
struct CopyReport: Sendable {
    let source: ObjectLocation
    let destination: ObjectLocation
    let isDryRun: Bool
    let format: ReportFormat
    let isQuiet: Bool
    /// What is told of the job that the run belongs to; `nil` if it is not kept.
    var job: JobFigures?

    /// Tells of one object that was not copied.
    func write(_ event: CopyRun.Event) {
        if case .conditionsRefused = event, !isQuiet {
            StandardError.write(
                "brigade: the server makes no copies on the condition that the source is unchanged; changes are noticed by "
                    + "the ETags of the copies\n"
            )
        }
        guard let line = line(for: event) else { return }
        switch (event, format) {
        case (.skipped(_, _, .dryRun), _), (_, .json): StandardOutput.writeLine(line)
        case (_, .text): StandardError.write(line + "\n")
        }
    }

    /// Tells, as JSON, of a job that could not start.
    func write(_ failure: CommandFailure) {
        guard format == .json else { return }
        var line = SummaryLine(CopySummary(), of: self)
        line.error = failure.message
        StandardOutput.writeLine(JSONLine.encoded(line))
    }

    /// Tells what the whole run did.
    func write(_ summary: CopySummary) {
        switch format {
        case .json: StandardOutput.writeLine(json(summary))
        case .text: if !isQuiet { StandardOutput.write(text(summary)) }
        }
    }

    // MARK: Single objects

    /// What is told of one object, in the report's format; `nil` where nothing is.
    func line(for event: CopyRun.Event) -> String? {
        switch (event, format) {
        case (.skipped(let key, let size, .dryRun), .json):
            JSONLine.encoded(PlanLine(key: key, destinationKey: destinationKey(of: key), size: size))
        case (.skipped(let key, _, .dryRun), .text):
            isQuiet
                ? nil
                : "would copy s3://\(source.bucket)/\(KeyText.display(key)) to "
                    + "s3://\(destination.bucket)/\(KeyText.display(destinationKey(of: key)))"
        case (.failed(let key, let size, let failure), .json):
            JSONLine.encoded(
                ObjectLine(event: "failed", key: key, size: size, code: failure.code, message: failure.message)
            )
        case (.skipped(let key, let size, let reason), .json):
            JSONLine.encoded(
                ObjectLine(event: "skipped", key: key, size: size, code: "\(reason)", message: reason.rawValue)
            )
        case (.failed(let key, _, let failure), .text):
            "failed: \(KeyText.display(key)): \(KeyText.escaped(failure.message))"
        case (.skipped(let key, _, let reason), .text):
            isQuiet ? nil : "skipped: \(KeyText.display(key)): \(reason.rawValue)"
        case (.conditionsRefused, _): nil
        case (.difference(let difference), .json): JSONLine.encoded(DifferenceLine(difference))
        case (.difference(.extra), .text) where isQuiet: nil
        case (.difference(let difference), .text): difference.sentence
        }
    }

    // MARK: The summary

    /// The summary as one line of JSON.
    func json(_ summary: CopySummary) -> String {
        JSONLine.encoded(SummaryLine(summary, of: self))
    }

    /// The summary for people, a few lines.
    func text(_ summary: CopySummary) -> String {
        let counters = summary.counters
        let seconds = summary.duration / .seconds(1)
        if isDryRun {
            let amount = counters.skipped
            return "Would copy \(Quantity.counted(amount.objects, "object")) (\(Quantity.bytes(amount.bytes))) from "
                + "\(KeyText.escaped(source.description)) to \(KeyText.escaped(destination.description)).\n"
                + listing(counters, skipped: 0)
        }
        let rate = seconds > 0 ? Int(Double(counters.copied.objects) / seconds) : 0
        var text =
            "Copied \(Quantity.counted(counters.copied.objects, "object")) "
            + "(\(Quantity.bytes(counters.copied.bytes))) in \(Quantity.duration(summary.duration)), "
            + "\(Quantity.count(rate))/s.\n"
        text += listing(counters, skipped: counters.skipped.objects)
        let requests = summary.client.requests.values.reduce(0, +)
        text += "\(Quantity.counted(requests, "request")), "
        text += "\(Quantity.count(summary.client.retries)) of them after a failure"
        text += ", over \(Quantity.counted(summary.client.connections.opened, "connection"))"
        text += pacing(summary) + ".\n"
        return text + (summary.verification.map { VerificationRecord($0).sentence + "\n" } ?? "") + (job?.text ?? "")
    }

    /// How many requests were under way, and what held the job back.
    private func pacing(_ summary: CopySummary) -> String {
        let flow = summary.flow
        var text = "; at most \(Quantity.count(summary.client.connections.highestInUse)) at once"
        if flow.throttled > 0 { text += "; \(Quantity.counted(flow.throttled, "answer")) asked for fewer requests" }
        if flow.timeAtCeiling > .zero { text += "; \(Quantity.duration(flow.timeAtCeiling)) at the ceiling" }
        return text
    }

    /// The line that adds up: every object that was listed is in one of the counts.
    private func listing(_ counters: CopyCounters, skipped: Int) -> String {
        var text = "Listed \(Quantity.count(counters.listed.objects))"
        text += counters.isListingComplete ? "" : " (not to the end)"
        text += ", skipped \(Quantity.count(skipped))"
        text += ", failed \(Quantity.count(counters.failed.objects))"
        if counters.copiedNewer > 0 {
            text += ", copied in a newer version than listed \(Quantity.count(counters.copiedNewer))"
        }
        if counters.notTried.objects > 0 { text += ", not tried \(Quantity.count(counters.notTried.objects))" }
        return text + ".\n"
    }

    /// The key of the copy of a listed key.
    private func destinationKey(of key: ObjectKey) -> ObjectKey {
        ObjectKey(destination.prefix + key.bytes.dropFirst(source.prefix.count))
    }
}

/// A line of JSON about an object that would be copied.
private struct PlanLine: Encodable {
    var event = "would-copy"
    var key: String
    var destinationKey: String
    var size: Int

    init(key: ObjectKey, destinationKey: ObjectKey, size: Int) {
        self.key = key.description
        self.destinationKey = destinationKey.description
        self.size = size
    }
}

/// A line of JSON about one object.
private struct ObjectLine: Encodable {
    var event: String
    var key: String
    var size: Int
    var code: String
    var message: String

    init(event: String, key: ObjectKey, size: Int, code: String, message: String) {
        self.event = event
        self.key = key.description
        self.size = size
        self.code = code
        self.message = message
    }
}

/// The last line of JSON.
private struct SummaryLine: Encodable {
    struct Counts: Encodable {
        var listed: Int
        var copied: Int
        var skipped: Int
        var failed: Int
        var notTried: Int

        init(_ counters: CopyCounters, _ part: KeyPath<CopyCounters.Amount, Int>) {
            listed = counters.listed[keyPath: part]
            copied = counters.copied[keyPath: part]
            skipped = counters.skipped[keyPath: part]
            failed = counters.failed[keyPath: part]
            notTried = counters.notTried[keyPath: part]
        }
    }

    var event = "summary"
    var source: String
    var destination: String
    var dryRun: Bool
    var complete: Bool
    var interrupted: Bool
    var error: String?
    var job: JobFigures?
    var objects: Counts
    var bytes: Counts
    var copiedNewer: Int
    var listingComplete: Bool
    var retried: Int
    var requests: [String: Int]
    var connections: ConnectionsLine
    var highestConcurrency: Int
    var throttled: Int
    var secondsAtCeiling: Double
    /// Left out where the job could not start.
    var plan: PlanDocument?
    var machine: MachineDocument?
    var seconds: Double
    var verification: VerificationLine?

    init(_ summary: CopySummary, of report: CopyReport) {
        source = report.source.description
        destination = report.destination.description
        dryRun = report.isDryRun
        complete = summary.isComplete
        interrupted = summary.wasStopped
        error = summary.abortedBy?.message
        job = report.job
        objects = Counts(summary.counters, \.objects)
        bytes = Counts(summary.counters, \.bytes)
        copiedNewer = summary.counters.copiedNewer
        listingComplete = summary.counters.isListingComplete
        retried = summary.client.retries
        requests = summary.client.requestsByName
        connections = ConnectionsLine(summary.client.connections)
        highestConcurrency = summary.client.connections.highestInUse
        throttled = summary.flow.throttled
        secondsAtCeiling = summary.flow.timeAtCeiling.roundedSeconds
        plan = summary.plan.map(PlanDocument.init)
        machine = summary.machine.map(MachineDocument.init)
        seconds = summary.duration.roundedSeconds
        verification = summary.verification.map { VerificationLine(VerificationRecord($0)) }
    }
}
