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
        var blocks: [[[String]]] = []
        for scope in LimitEntry.Scope.allCases {
            let entries = report.entries.filter { $0.scope == scope }
            guard !entries.isEmpty else { continue }
            let header = [title(of: scope), "soft", "hard", "in use", "used", "read from"]
            blocks.append([header] + entries.map(row))
        }
        // One set of widths for all blocks, so that their columns stand under each other.
        var rest = TextColumns(rows: blocks.flatMap { $0 }, left: [0, 5]).lines[...]
        return blocks.map { block in
            defer { rest = rest.dropFirst(block.count) }
            return rest.prefix(block.count).joined()
        }.joined(separator: "\n")
    }

    private func title(of scope: LimitEntry.Scope) -> String {
        switch scope {
        case .process: report.process.map { "PROCESS \($0.id) \($0.name.printable)" } ?? "PROCESS"
        case .controlGroup: "CONTROL GROUP"
        case .system: "SYSTEM"
        }
    }

    private func row(_ entry: LimitEntry) -> [String] {
        [
            "  " + entry.name.split(separator: "-").joined(separator: " "),
            amount(entry.soft, entry.unit),
            amount(entry.hard, entry.unit),
            amount(entry.inUse, entry.unit),
            entry.share.map(\.percentage) ?? "-",
            entry.source,
        ]
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
}
