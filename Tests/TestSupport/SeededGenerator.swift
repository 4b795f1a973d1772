/// Random numbers that repeat themselves for the same seed (SplitMix64), with the choices that tests make.
///
/// A test that uses one takes the seed as its argument, so that a failure names it.
public struct SeededGenerator: RandomNumberGenerator, Sendable {
    private var state: UInt64

    /// Creates a generator.
    public init(seed: UInt64) {
        state = seed
    }

    /// The next number.
    public mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// A number of a range.
    public mutating func number(_ range: ClosedRange<Int>) -> Int {
        Int.random(in: range, using: &self)
    }

    /// True in one of `outOf` cases.
    public mutating func chance(oneIn outOf: Int) -> Bool {
        number(1...outOf) == 1
    }

    /// One of several values, of which there is at least one.
    public mutating func pick<Value>(_ values: [Value]) -> Value {
        values[number(0...(values.count - 1))]
    }

    /// A text made of `count` of the given pieces.
    public mutating func text(_ count: ClosedRange<Int>, of pieces: [String]) -> String {
        (0..<number(count)).map { _ in pick(pieces) }.joined()
    }

    /// Bytes cut into pieces at random places; no piece is empty.
    public mutating func pieces(of bytes: [UInt8], upTo longest: Int) -> [[UInt8]] {
        var result: [[UInt8]] = []
        var start = 0
        while start < bytes.count {
            let end = min(bytes.count, start + number(1...longest))
            result.append(Array(bytes[start..<end]))
            start = end
        }
        return result
    }
}
