internal import FlowControl

/// Keys of a page: numbers of nine digits in one folder.
final class SimulatedBatch: PacedBatch {
    let numbers: Range<Int>

    init(numbers: Range<Int>) {
        self.numbers = numbers
    }

    var count: Int { numbers.count }

    var bounds: KeyBounds? {
        KeyBounds(
            after: numbers.lowerBound == 0 ? [] : Self.key(numbers.lowerBound - 1),
            through: Self.key(numbers.upperBound - 1)
        )
    }

    func key(_ index: Int) -> ArraySlice<UInt8> { Self.key(numbers.lowerBound + index)[...] }

    func size(_ index: Int) -> Int { 1 << 20 }

    private static func key(_ number: Int) -> [UInt8] {
        var digits = Array("data/000000000".utf8)
        var (rest, place) = (number, digits.count - 1)
        while rest > 0 {
            digits[place] += UInt8(rest % 10)
            (rest, place) = (rest / 10, place - 1)
        }
        return digits
    }
}
