/// Rows of cells under each other, two blanks apart.
struct TextColumns {
    /// What stands in the cells; all rows have as many.
    var rows: [[String]]
    /// The columns whose cells stand at the left; the others are numbers, and stand at the right.
    var left: Set<Int> = [0]

    /// The rows, each line ended.
    var text: String { lines.joined() }

    /// The text of each row, ended, without blanks before its end.
    var lines: [String] {
        let widths = rows.reduce(into: [Int]()) { widths, row in
            for (column, cell) in row.enumerated() {
                if column == widths.count { widths.append(0) }
                widths[column] = max(widths[column], cell.count)
            }
        }
        return rows.map { line($0, widths) }
    }

    private func line(_ row: [String], _ widths: [Int]) -> String {
        let cells = row.enumerated().map { column, cell in
            let blanks = String(repeating: " ", count: widths[column] - cell.count)
            return left.contains(column) ? cell + blanks : blanks + cell
        }
        let line = cells.joined(separator: "  ")
        return (line.lastIndex { $0 != " " }.map { line[...$0] } ?? "") + "\n"
    }
}

extension String {
    /// The text with `?` for control characters, which a process may put into its name and a terminal would obey.
    var printable: String {
        String(String.UnicodeScalarView(unicodeScalars.map { $0.properties.generalCategory == .control ? "?" : $0 }))
    }
}

extension Double {
    /// A share in percent with one decimal, cut rather than rounded, so that 100 % means full.
    var percentage: String {
        let tenths = Int((min(self, 1e6) * 1_000).rounded(.down))
        return "\(tenths / 10).\(tenths % 10) %"
    }
}
