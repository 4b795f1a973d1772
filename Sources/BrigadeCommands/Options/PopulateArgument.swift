internal import ArgumentParser
internal import SampleKeyspaces

/// One `--populate BUCKET=COUNT` or `BUCKET=COUNT:KIND` of `brigade serve`.
struct PopulateArgument: ExpressibleByArgument {
    /// What it means, for the help.
    static let help = """
        Make a bucket with so many small objects at the start. Their keys are numbers, or of the kind behind a colon, \
        as in demo=10000:dates.
        """

    let bucket: String
    let count: Int
    let kind: SampleKind

    init?(argument: String) {
        let parts = argument.split(separator: "=", omittingEmptySubsequences: false)
        guard parts.count == 2 else { return nil }
        let amount = parts[1].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard let count = Int(amount[0]), (0...100_000_000).contains(count),
            let kind = amount.count == 1 ? .numbers : SampleKind(rawValue: String(amount[1]))
        else { return nil }
        bucket = String(parts[0])
        self.count = count
        self.kind = kind
    }
}
