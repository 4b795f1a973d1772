internal import Brigade
internal import S3Protocol

/// The text of `brigade report`.
struct JobReport {
    private let record: JobRecord

    /// The report of a job.
    init(_ record: JobRecord) {
        self.record = record
    }

    /// A few lines of what the job is, a line or two a run, and what failed or was left out.
    var text: String {
        let definition = record.definition
        let place = definition.endpoint ?? "Amazon S3"
        let name = definition.name.map { " '\($0)'" } ?? ""
        var lines = [
            "Job \(record.id)\(name): \(state)",
            "  from     \(KeyText.escaped(definition.source))",
            "  to       \(KeyText.escaped(definition.destination))",
            "  at       \(KeyText.escaped(place))\(definition.profile.map { ", profile \(KeyText.escaped($0))" } ?? "")",
            "  journal  \(record.folder)",
            "",
        ]
        let totals = record.totals
        lines.append(
            "Copied \(Quantity.counted(totals.copied.objects, "object")) (\(Quantity.bytes(totals.copied.bytes))), "
                + "skipped \(Quantity.count(totals.skipped.objects)), failed \(Quantity.count(record.failedObjects))."
        )
        lines += record.failures.map { group in
            "  failed   \(Quantity.count(group.objects)) \(KeyText.escaped(group.reason)): "
                + "such as '\(KeyText.escaped(group.example))'"
        }
        lines += record.skips.map { "  skipped  \(Quantity.count($0.objects)): \(KeyText.escaped($0.reason))" }
        lines.append("")
        lines += record.runs.flatMap(runLines)
        lines += hints
        return lines.joined(separator: "\n") + "\n"
    }

    private var state: String {
        switch record.state {
        case .running: "running, process \(record.process ?? 0)"
        case .complete: "complete; every object has its verdict, and none failed"
        case .failures: "every object has its verdict; \(Quantity.count(record.failedObjects)) failed"
        case .unverified: "every object has its verdict, and none failed; not verified to the end"
        case .unfinished: "unfinished"
        }
    }

    private func runLines(_ run: RunRecord) -> [String] {
        let counters = run.counters
        let seconds = run.duration / .seconds(1)
        let rate = seconds > 0 ? Int(Double(counters.copied.objects) / seconds) : 0
        let end = run.outcome?.rawValue ?? "running"
        var line =
            "Run \(run.number), \(run.startedAt.text), \(end) after \(Quantity.duration(run.duration)): "
            + "copied \(Quantity.count(counters.copied.objects)), \(Quantity.count(rate))/s, "
            + "\(Quantity.bytes(counters.copied.bytes)); skipped \(Quantity.count(counters.skipped.objects)), "
            + "failed \(Quantity.count(counters.failed.objects))"
        if counters.notTried.objects > 0 { line += ", not tried \(Quantity.count(counters.notTried.objects))" }
        if run.requests > 0 {
            line +=
                "; \(Quantity.counted(run.requests, "request")), \(Quantity.count(run.retries)) of them after a failure"
        }
        let found = run.verification.map { "  \($0.sentence)" }
        return [line] + [found, run.message.map { "  \(KeyText.escaped($0))" }].compactMap(\.self)
    }

    private var hints: [String] {
        var hints: [String] = []
        if record.process == nil {
            if !record.isCovered { hints.append("'brigade resume \(record.id)' goes on with what is left.") }
            if record.state == .unverified { hints.append("'brigade resume \(record.id)' verifies it again.") }
            if record.failedObjects > 0 {
                hints.append("'brigade resume \(record.id) --failed-only' tries again what failed.")
            }
        }
        if !record.isInByteOrder, !record.isCovered {
            hints.append("The server does not list in byte order: all of it is listed and copied again then.")
        }
        return hints
    }
}
