internal import ArgumentParser

/// Bytes a second as an option takes them: a whole number, with `K`, `M` or `G` for powers of 1,024.
struct BandwidthArgument: ExpressibleByArgument {
    let bytesPerSecond: Int

    init?(argument: String) {
        let units: [Character: Int] = ["K": 1 << 10, "M": 1 << 20, "G": 1 << 30]
        let unit = argument.last.flatMap { units[$0] }
        guard let number = Int(unit == nil ? argument[...] : argument.dropLast()), number >= 1 else { return nil }
        let (bytes, overflows) = number.multipliedReportingOverflow(by: unit ?? 1)
        guard !overflows else { return nil }
        bytesPerSecond = bytes
    }
}
