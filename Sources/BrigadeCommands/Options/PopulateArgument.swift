internal import ArgumentParser

/// One `--populate BUCKET=COUNT` of `brigade serve`.
struct PopulateArgument: ExpressibleByArgument {
    let bucket: String
    let count: Int

    init?(argument: String) {
        let parts = argument.split(separator: "=", omittingEmptySubsequences: false)
        guard parts.count == 2, let count = Int(parts[1]), (0...100_000_000).contains(count) else { return nil }
        bucket = String(parts[0])
        self.count = count
    }
}
