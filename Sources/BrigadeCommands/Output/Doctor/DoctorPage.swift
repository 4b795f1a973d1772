internal import Machine

/// The page that `brigade doctor` shows.
struct DoctorPage {
    let report: DoctorReport
    /// Where connections lead, as a heading names it.
    let destination: String

    /// The longest line of advice, in characters.
    private static let width = 100

    /// The page, each line ended.
    var text: String {
        [limits, settings, checks].filter { !$0.isEmpty }.joined(separator: "\n")
    }

    private var limits: String {
        var text = "What limits connections to \(destination)\n"
        let header = ["", "in use", "of", "kept free", "permits", "read from"]
        text += Self.columns([header] + report.limits.map { row($0, binding: report.binding) }, left: [0, 5])
        text += "  " + KeyText.escaped(report.verdict) + "\n"
        return text
    }

    private func row(_ limit: PlanDocument.Limit, binding: String?) -> [String] {
        func amount(_ value: UInt64?) -> String {
            guard let value else { return "-" }
            return limit.isMemory ? ByteCount(bytes: value).description : Quantity.count(Int(clamping: value))
        }
        var permits = limit.permits.map(Quantity.count) ?? (limit.unlimited == true ? "any number" : "unknown")
        if limit.name == binding { permits = "binds: " + permits }
        return [
            limit.title,
            amount(limit.inUse),
            amount(limit.maximum),
            amount(limit.keptFree == 0 ? nil : limit.keptFree),
            permits, limit.error ?? limit.source,
        ]
    }

    private var settings: String {
        var text = "Settings of the kernel\n"
        for setting in report.settings {
            text += "  \(setting.name) = \(setting.value)\n"
            for line in Self.wrapped(setting.advice) { text += "      \(line)\n" }
        }
        return text
    }

    private var checks: String {
        guard let bucket = report.bucket ?? report.endpoint else {
            return "Name a bucket, or a service with --endpoint, to have it looked at.\n"
        }
        let place = report.bucket != nil ? report.endpoint.map { " at \($0)" } ?? "" : ""
        return "The service: \(KeyText.escaped(bucket + place))\n"
            + Self.columns(
                report.checks.map { [$0.state.rawValue, $0.name, KeyText.escaped($0.finding)] },
                left: [0, 1, 2]
            )
    }

    /// Rows of cells under each other, two blanks apart and two from the edge; columns that are not at the left are
    /// numbers.
    private static func columns(_ rows: [[String]], left: Set<Int>) -> String {
        guard let columns = rows.map(\.count).max() else { return "" }
        let widths = (0..<columns).map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            let cells = row.enumerated().map { column, cell in
                let blanks = String(repeating: " ", count: widths[column] - cell.count)
                return left.contains(column) ? cell + blanks : blanks + cell
            }
            var line = "  " + cells.joined(separator: "  ")
            while line.last == " " { line.removeLast() }
            return line + "\n"
        }.joined()
    }

    /// A text broken between words into lines of at most ``width`` characters.
    private static func wrapped(_ text: String) -> [String] {
        var lines: [String] = []
        for word in text.split(separator: " ") {
            if let last = lines.last, last.count + 1 + word.count <= width {
                lines[lines.count - 1] = last + " " + word
            } else {
                lines.append(String(word))
            }
        }
        return lines
    }
}
