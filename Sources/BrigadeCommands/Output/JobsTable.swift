internal import Brigade
internal import S3Protocol

/// The table of `brigade jobs`.
struct JobsTable {
    private let records: [JobRecord]

    /// A table of jobs, in their order.
    init(_ records: [JobRecord]) {
        self.records = records
    }

    /// A line a job, below a line of titles; a sentence if there is none.
    var text: String {
        guard !records.isEmpty else { return "There are no jobs.\n" }
        let titles = ["JOB", "STATE", "BEGUN (UTC)", "COPIED", "FAILED", "FROM", "TO", "NAME"]
        let rows = [titles] + records.map(row)
        let widths = titles.indices.map { column in rows.map { $0[column].unicodeScalars.count }.max() ?? 0 }
        return rows.map { row in
            var line = ""
            for (column, cell) in row.enumerated() {
                let padding = String(repeating: " ", count: widths[column] - cell.unicodeScalars.count)
                let isNumber = titles[column] == "COPIED" || titles[column] == "FAILED"
                line += (isNumber ? padding + cell : cell + padding) + "  "
            }
            while line.last == " " { line.removeLast() }
            return line + "\n"
        }.joined()
    }

    private func row(_ record: JobRecord) -> [String] {
        [
            record.id,
            record.state.rawValue,
            record.createdAt.text,
            Quantity.count(record.totals.copied.objects),
            Quantity.count(record.failedObjects),
            KeyText.escaped(record.definition.source),
            KeyText.escaped(record.definition.destination),
            record.definition.name ?? "",
        ]
    }
}
