internal import Brigade

/// What a run's summary tells of the job that it belongs to.
struct JobFigures: Encodable {
    var id: String
    var name: String?
    /// This run's number.
    var run: Int
    /// What all runs did together.
    var copied: Int
    var skipped: Int
    /// Objects whose last attempt failed.
    var failed: Int
    /// Whether every object has its verdict.
    var covered: Bool
    /// The file with what failed.
    var failedKeys: String?

    private var isInByteOrder: Bool
    private var resumeCommand: String

    private enum CodingKeys: String, CodingKey {
        case id, name, run, copied, skipped, failed, covered, failedKeys
    }

    /// The figures of a job, of which nothing is written to a file yet.
    init(_ record: JobRecord, resumeCommand: String) {
        self.resumeCommand = resumeCommand
        let totals = record.totals
        id = record.id
        name = record.definition.name
        run = record.runs.last?.number ?? 0
        copied = totals.copied.objects
        skipped = totals.skipped.objects
        failed = record.failedObjects
        covered = record.isCovered
        isInByteOrder = record.isInByteOrder
    }

    /// The line for people, for a job of several runs.
    var text: String {
        guard run > 1 else { return "" }
        return "Job \(id), in \(run) runs: copied \(Quantity.count(copied)), skipped \(Quantity.count(skipped)), "
            + "failed \(Quantity.count(failed)).\n"
    }

    /// Tells, on standard error, what is left to do.
    func tellHowToGoOn(isQuiet: Bool) {
        guard !isQuiet else { return }
        var lines: [String] = []
        if !covered {
            lines.append("'\(resumeCommand)' goes on with what is left")
            if !isInByteOrder {
                lines.append("the server does not list in byte order, so that all of it is copied again then")
            }
        }
        if failed > 0, let failedKeys {
            lines.append(
                "what failed is in \(KeyText.escaped(failedKeys)); '\(resumeCommand) --failed-only' tries it again"
            )
        }
        for line in lines { StandardError.write("brigade: \(line)\n") }
    }
}
