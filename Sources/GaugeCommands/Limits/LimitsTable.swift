import Machine

/// The limits as columns: names and sources to the left, amounts to the right.
struct LimitsTable {
    private let report: LimitsReport

    /// Renders a report.
    init(_ report: LimitsReport) {
        self.report = report
    }

    /// The table, each line ended; empty for a report without limits.
    var text: String {
        var blocks: [(title: String, rows: [[String]])] = []
        for scope in LimitEntry.Scope.allCases {
            let entries = report.entries.filter { $0.scope == scope }
            guard !entries.isEmpty else { continue }
            let header = [title(of: scope), "soft", "hard", "in use", "used", "read from"]
            blocks.append((title(of: scope), [header] + entries.map(row)))
        }
        let rows = blocks.flatMap(\.rows)
        let widths = (0..<6).map { column in rows.map { $0[column].count }.max() ?? 0 }
        return blocks.map { block in block.rows.map { line($0, widths) }.joined() }.joined(separator: "\n")
    }

    private func title(of scope: LimitEntry.Scope) -> String {
        switch scope {
        case .process: report.process.map { "PROCESS \($0.id) \(printable($0.name))" } ?? "PROCESS"
        case .controlGroup: "CONTROL GROUP"
        case .system: "SYSTEM"
        }
    }

    /// The name with `?` for control characters, which a process may put into its name and a terminal would obey.
    private func printable(_ name: String) -> String {
        String(
            String.UnicodeScalarView(name.unicodeScalars.map { $0.properties.generalCategory == .control ? "?" : $0 })
        )
    }

    private func row(_ entry: LimitEntry) -> [String] {
        [
            "  " + entry.name.split(separator: "-").joined(separator: " "),
            amount(entry.soft, entry.unit),
            amount(entry.hard, entry.unit),
            amount(entry.inUse, entry.unit),
            entry.share.map(percentage) ?? "-",
            entry.source,
        ]
    }

    private func line(_ cells: [String], _ widths: [Int]) -> String {
        let last = cells.count - 1
        let padded = cells.indices.map { index in
            let blanks = String(repeating: " ", count: widths[index] - cells[index].count)
            if index == last { return cells[index] }
            return index == 0 ? cells[index] + blanks : blanks + cells[index]
        }
        return padded.joined(separator: "  ") + "\n"
    }

    private func amount(_ amount: LimitEntry.Amount?, _ unit: LimitEntry.Unit) -> String {
        switch amount {
        case nil: return "-"
        case .unlimited: return "unlimited"
        case .fraction(let fraction): return unit == .seconds ? "\(fraction) s" : "\(fraction)"
        case .count(let count):
            switch unit {
            case .bytes: return ByteCount(bytes: count).description
            case .seconds: return "\(count) s"
            case .microseconds: return "\(count) µs"
            default: return "\(count)"
            }
        }
    }

    /// In percent with one decimal, cut rather than rounded, so that 100 % means full.
    private func percentage(_ share: Double) -> String {
        let tenths = Int((min(share, 1e6) * 1_000).rounded(.down))
        return "\(tenths / 10).\(tenths % 10) %"
    }
}
