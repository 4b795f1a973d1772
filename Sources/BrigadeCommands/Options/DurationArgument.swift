internal import ArgumentParser

/// A time as an option takes it: a number, which may have a fraction and a sign, and `ms`, `s`, `m` or `h`.
struct DurationArgument: ExpressibleByArgument {
    let duration: Duration

    init?(argument: String) {
        let units: [(suffix: String, seconds: Double)] = [("ms", 0.001), ("s", 1), ("m", 60), ("h", 3600)]
        guard let unit = units.first(where: { argument.hasSuffix($0.suffix) }),
            let number = Double(argument.dropLast(unit.suffix.count)), number.isFinite, number.magnitude < 1e9
        else { return nil }
        duration = .seconds(number * unit.seconds)
    }
}
