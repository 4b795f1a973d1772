internal import Brigade
internal import S3Client
internal import S3Protocol

/// What `brigade list` tells of the listing as a whole.
struct ListReport: Sendable {
    let source: ObjectLocation
    let isSorted: Bool
    /// How much was done at once, and why; `nil` where it could not begin.
    var plan: ConcurrencyPlan?

    /// What became of the output.
    struct Written {
        /// Lines of objects.
        var objects = 0
        /// The most bytes that waited at the same time for their turn.
        var highestWaitingBytes = 0
    }

    /// The last line of JSON: unlike the lines before it, it has an `event` and no `key`.
    func json(_ summary: ListSummary, _ written: Written, error: String?) -> String {
        JSONLine.encoded(SummaryLine(summary, written, error: error, of: self))
    }

    /// The summary for people, two or three lines.
    func text(_ summary: ListSummary, _ written: Written) -> String {
        let counters = summary.counters
        let seconds = summary.duration / .seconds(1)
        let rate = seconds > 0 ? Int(Double(counters.objects) / seconds) : 0
        var text =
            "Listed \(Quantity.counted(counters.objects, "object")) (\(Quantity.bytes(counters.bytes)))"
            + "\(summary.isComplete ? "" : ", not to the end,") in \(Quantity.duration(summary.duration)), "
            + "\(Quantity.count(rate))/s.\n"
        if written.objects < counters.objects {
            text += "Written: \(Quantity.count(written.objects))\(isSorted ? ", the first in order" : "").\n"
        }
        let (connections, retries) = (summary.client.connections.opened, summary.client.retries)
        text += "Asked for \(Quantity.counted(counters.requests, "page"))"
        text += " (\(Quantity.count(counters.leastRequests)) at least)"
        text += " with \(Quantity.counted(summary.fetchers, "fetcher"))"
        text += " over \(Quantity.counted(connections, "connection"))"
        if retries > 0 { text += "; \(Quantity.count(retries)) asked for again after a failure" }
        return text + ".\n"
    }
}

/// The last line of JSON.
private struct SummaryLine: Encodable {
    var event = "summary"
    var source: String
    var complete: Bool
    var interrupted: Bool
    var error: String?
    var objects: Int
    var bytes: Int
    var written: Int
    var sorted: Bool
    var highestWaitingBytes: Int
    var inByteOrder: Bool
    var fetchers: Int
    var pages: Int
    var pagesAskedFor: Int
    var leastPages: Int
    var efficiency: Double
    var objectsBeyond: Int
    var objectsRepeated: Int
    var retried: Int
    var requests: [String: Int]
    var connections: ConnectionsLine
    var plan: PlanDocument?
    var seconds: Double

    init(_ summary: ListSummary, _ written: ListReport.Written, error: String?, of report: ListReport) {
        let counters = summary.counters
        source = report.source.description
        complete = summary.isComplete && error == nil
        interrupted = summary.wasStopped
        self.error = error
        objects = counters.objects
        bytes = counters.bytes
        self.written = written.objects
        sorted = report.isSorted
        highestWaitingBytes = written.highestWaitingBytes
        inByteOrder = summary.isInByteOrder
        fetchers = summary.fetchers
        pages = counters.pages
        pagesAskedFor = counters.requests
        leastPages = counters.leastRequests
        efficiency = (counters.efficiency * 1000).rounded() / 1000
        objectsBeyond = counters.objectsBeyond
        objectsRepeated = counters.objectsRepeated
        retried = summary.client.retries
        requests = summary.client.requestsByName
        connections = ConnectionsLine(summary.client.connections)
        plan = report.plan.map(PlanDocument.init)
        seconds = summary.duration.roundedSeconds
    }
}
