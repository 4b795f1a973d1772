/// Powers of two and their logarithms, good to four digits: the masses of deep keys leave the range of `Double`.
///
/// Written out since the mathematical library of the system would have to be imported for them.
enum Binary {
    /// The logarithm to base 2 of a positive number; minus infinity of 0.
    static func logarithm(_ value: Double) -> Double {
        guard value > 0, value.isFinite else { return value > 0 ? .infinity : -.infinity }
        let ratio = (value.significand - 1) / (value.significand + 1)
        let square = ratio * ratio
        let series = ratio * (1 + square * (1 / 3 + square * (1 / 5 + square / 7)))
        return Double(value.exponent) + series * 2.885390081777927
    }

    /// The number whose square is given.
    static func squareRoot(_ value: Double) -> Double { power(logarithm(value) / 2) }

    /// Two to a power; 0 and infinity where that leaves the range of `Double`.
    static func power(_ exponent: Double) -> Double {
        guard exponent > -1000 else { return 0 }
        guard exponent < 1000 else { return .infinity }
        let truncated = Int(exponent)
        let whole = Double(truncated) > exponent ? truncated - 1 : truncated
        let rest = (exponent - Double(whole)) * 0.6931471805599453
        let series = 1 + rest * (1 + rest / 2 * (1 + rest / 3 * (1 + rest / 4 * (1 + rest / 5 * (1 + rest / 6)))))
        return Double(sign: .plus, exponent: whole, significand: series)
    }
}
